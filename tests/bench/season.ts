import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import { startStack } from '../../infra/stack/stack.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { prepareNamespace } from '../../infra/temporal/namespace.js'
import { createWorkflowClient } from '../../platform/temporal/index.js'
import { loadPolicy } from '../../policies/load.js'
import { cpuMsOf } from './season/cpu.js'
import { measure, type Cost, type Stage } from './season/measure.js'
import { bareTeller, enrollmentTeller } from './season/play.js'
import type { Variant } from './season/protocol.js'
import { tell, type Report } from './season/report.js'
import { startWorker, type WorkerProcess } from './season/worker-process.js'

const WARM_UP_CHILDREN = 40
const PROFILED_CHILDREN = 100
const IDLE_MS = 10_000

const atLeast = (least: number) => (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`a whole number from ${least}`)
  return value
}
const options = new Command('bench:season')
  .description('Compares what a child costs the workers and the Temporal server with the floor: a bare workflow with the same signals, timers and activities. Some 15 minutes as it stands.')
  .option('--children <n>', 'children in a run', atLeast(1), 200)
  .option('--rounds <n>', 'measured runs of each kind', atLeast(1), 3)
  .option('--every <ms>', 'time between two children; they should not have to wait for the machine', atLeast(1), 250)
  .option('--json <file>', 'write all figures there')
  .parse()
  .opts<{ children: number; rounds: number; every: number; json?: string }>()

type Workers = Record<Variant, WorkerProcess>
const progress = (message: string) => process.stderr.write(`${message}\n`)

/** A run of the real workflows, then one of bare ones that do the same. */
async function round(stage: Stage, workers: Workers, name: string, children: number, profiled = false): Promise<Record<Variant, Cost>> {
  const season = { season: `bench-${name}`, children, everyMs: options.every }
  progress(`${name}: ${children} children, enrollment`)
  const real = await measure(stage, workers.enrollment, enrollmentTeller(stage.client), season, profiled)
  progress(`${name}: ${children} children, bare`)
  const bare = await measure(stage, workers.bare, bareTeller(stage.client, real.steps), season, profiled)
  return { enrollment: real.cost, bare: bare.cost }
}

/** Processor time of each process while there is nothing to do (ms a second). */
async function idle({ serverCpuMs }: Stage, workers: Workers): Promise<Report['idle']> {
  progress(`idle: ${IDLE_MS / 1_000} s`)
  const now = async () => ({ enrollment: await workers.enrollment.ask({ ask: 'cpu' }), bare: await workers.bare.ask({ ask: 'cpu' }), server: await serverCpuMs() })
  const before = await now()
  await delay(IDLE_MS)
  const after = await now()
  const rate = (name: keyof typeof before) => ((after[name]! - before[name]!) * 1_000) / IDLE_MS
  return { enrollment: rate('enrollment'), bare: rate('bare'), ...(after.server !== undefined && { server: rate('server') }) }
}

async function run(stage: Stage, workers: Workers): Promise<Report> {
  await round(stage, workers, 'warm-up', Math.min(options.children, WARM_UP_CHILDREN))
  const idling = await idle(stage, workers)
  const rounds: Report['rounds'] = []
  for (let index = 1; index <= options.rounds; index++) rounds.push(await round(stage, workers, `round-${index}`, options.children))
  const children = Math.min(options.children, PROFILED_CHILDREN)
  const profiled = { children, ...await round(stage, workers, 'profiled', children, true) }
  const [{ model } = { model: 'unknown' }, ...others] = cpus()
  return { machine: { cores: others.length + 1, model, node: process.version }, children: options.children, everyMs: options.every, idle: idling, rounds, profiled }
}

const stateDir = await mkdtemp(join(tmpdir(), 'ruxue-bench-state-'))
const stack = await startStack({ stateDir, onProgress: ({ part, message }) => progress(`[${part}] ${message}`) })
try {
  const { timeline } = await loadPolicy('changchun-2022')
  // Of its own, so that on a server that is not ours nobody's workers or workflows meet these.
  const settings = { temporalAddress: stack.temporalAddress, temporalNamespace: `bench-${randomUUID()}` }
  await waitUntil(`namespace ${settings.temporalNamespace}`, () => prepareNamespace(settings.temporalAddress, settings.temporalNamespace))
  const { client, close } = await createWorkflowClient(settings)
  const server = stack.pids()['temporal']
  const serverCpuMs = async () => (server === undefined ? undefined : cpuMsOf(server))
  const workers = { enrollment: await startWorker('enrollment', settings), bare: await startWorker('bare', settings) }
  try {
    const report = await run({ client, timeline, serverCpuMs }, workers)
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
    process.stdout.write(`${tell(report)}\n`)
  } finally {
    await Promise.all(Object.values(workers).map((worker) => worker.ask({ ask: 'stop' })))
    await close()
  }
} finally {
  await stack.stop()
  await rm(stateDir, { recursive: true, force: true })
}
