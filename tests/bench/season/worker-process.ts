import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TemporalSettings } from '../../../platform/temporal/index.js'
import type { Answers, Ask, Variant } from './protocol.js'

/** A worker in a process of its own. */
export interface WorkerProcess {
  variant: Variant
  ask<A extends Ask>(asked: A): Promise<Answers[A['ask']]>
}

/** Starts a worker and waits until it polls. */
export async function startWorker(variant: Variant, { temporalAddress, temporalNamespace }: TemporalSettings): Promise<WorkerProcess> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [variant, temporalAddress, temporalNamespace], { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit').then(([code]) => { throw new Error(`the worker of ${variant} ended with ${code}`) })
  ended.catch(() => undefined)
  const answered = async () => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ answered: unknown }]
    return message.answered
  }
  await answered()
  return {
    variant,
    async ask(asked) {
      const answer = answered()
      child.send(asked)
      return (await answer) as never
    },
  }
}
