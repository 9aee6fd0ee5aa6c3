import { CancellationScope, condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler, sleep, upsertSearchAttributes } from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { ChildFact } from '../../../contracts/facts.js'
import { SIGNALS } from '../../../contracts/workflows.js'

/** Something done between two waits. */
export type BareCommand =
  /** Due so long after the start (ms). */
  | { kind: 'timer'; id: string; atMs: number }
  | { kind: 'cancel'; id: string }
  /** Size of its input. */
  | { kind: 'activity'; bytes: number }
  /** Size of its result. */
  | { kind: 'local'; bytes: number }
  | { kind: 'upsert'; attributes: Record<string, string> }

/** One workflow task of the workflow that is compared with. */
export interface BareStep {
  /** Signals that have come and activities that are done by then, and the timers that fire. */
  signals: number
  done: number
  fired: string[]
  commands: BareCommand[]
}

export interface BareInput {
  /** Instant (ms) from which the timers' instants count. */
  startsAt: number
  steps: BareStep[]
}

export interface BareActivities {
  noOp(payload: string): Promise<void>
  noOpLocal(bytes: number): Promise<string>
}

const { noOp } = proxyActivities<BareActivities>({ startToCloseTimeout: '20 seconds' })
const { noOpLocal } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '10 seconds' })
const factSignal = defineSignal<[ChildFact]>(SIGNALS.fact)

/** The floor: does what another workflow did, in its order, and decides nothing. */
export async function bare({ startsAt, steps }: BareInput): Promise<void> {
  let signals = 0
  let done = 0
  const fired = new Set<string>()
  const timers = new Map<string, CancellationScope>()
  setHandler(factSignal, () => { signals += 1 })

  const startTimer = (id: string, atMs: number): void => {
    const scope = new CancellationScope()
    timers.set(id, scope)
    void scope.run(() => sleep(Math.max(1, startsAt + atMs - Date.now()))).then(() => fired.add(id), () => undefined)
  }
  const carryOut = async (command: BareCommand): Promise<void> => {
    switch (command.kind) {
      case 'timer':
        return startTimer(command.id, command.atMs)
      case 'cancel':
        return timers.get(command.id)?.cancel()
      case 'activity':
        return void noOp('x'.repeat(command.bytes)).then(() => { done += 1 })
      case 'local':
        return void (await noOpLocal(command.bytes))
      case 'upsert':
        return upsertSearchAttributes(Object.entries(command.attributes).map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value })))
    }
  }
  for (const step of steps) {
    await condition(() => signals >= step.signals && done >= step.done && step.fired.every((id) => fired.has(id)))
    for (const command of step.commands) await carryOut(command)
  }
}
