import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerSpec } from '../../infra/stack/process.js'
import type { Stack } from '../../infra/stack/stack.js'
import { SERVED, WORKED, type Served, type Worked } from '../processes/names.js'
import type { ListenerPorts } from './environment.js'

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url))

/** Short-lived objects of requests and events seldom outlive a larger young generation (MiB). */
const NODE_OPTIONS = ['--max-semi-space-size=32']

/** One operating-system process of the platform: services or workers. */
export interface ProcessPlan {
  name: string
  serve?: readonly Served[]
  work?: readonly Worked[]
}

/** The usual split on one machine. */
export const USUAL_PLAN: readonly ProcessPlan[] = [
  { name: 'services', serve: SERVED },
  { name: 'workers', work: WORKED.filter((name) => name !== 'bridge') },
  { name: 'bridge', work: ['bridge'] },
]

/** Starts the platform's processes on a running stack and waits until each is ready. */
export async function launch(stack: Stack, plan: readonly ProcessPlan[], ports: ListenerPorts, env: Record<string, string>): Promise<void> {
  await Promise.all(plan.map((one) => stack.run(specOf(one, stack.stateDir, ports, env))))
}

function specOf(plan: ProcessPlan, stateDir: string, ports: ListenerPorts, env: Record<string, string>): ServerSpec {
  const args = plan.serve ? ['serve', '--only', plan.serve.join(',')] : ['work', '--only', (plan.work ?? []).join(',')]
  const probes = plan.serve ? plan.serve.map((name) => ports[name]) : [ports[plan.work?.includes('bridge') ? 'bridge' : 'workers']]
  return {
    name: plan.name,
    program: process.execPath,
    args: [...NODE_OPTIONS, BIN, ...args],
    env: plan.serve ? env : { ...env, RUXUE_HEALTH_PORT: String(probes[0]) },
    logFile: join(stateDir, 'logs', `${plan.name}.log`),
    stopSignal: 'SIGTERM',
    ready: async () => { await Promise.all(probes.map(isReady)) },
  }
}

async function isReady(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })
  if (!answer.ok) throw new Error(`port ${port} is not ready: ${(await answer.text()).slice(0, 500)}`)
}
