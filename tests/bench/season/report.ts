import Table from 'cli-table3'
import type { Cost } from './measure.js'
import type { Variant } from './protocol.js'
import { byTopic } from './topics.js'

/** What the benchmark found. */
export interface Report {
  machine: { cores: number; model: string; node: string }
  children: number
  everyMs: number
  /** Processor time of processes that have nothing to do (ms a second). */
  idle: Record<Variant, number> & { server?: number }
  rounds: Record<Variant, Cost>[]
  profiled: Record<Variant, Cost> & { children: number }
}

type Figure = (cost: Cost) => number | undefined

const COSTS: Record<string, Figure> = {
  'worker CPU-ms': ({ workerCpuMs }) => workerCpuMs,
  'server CPU-ms': ({ serverCpuMs }) => serverCpuMs,
  'worker and server CPU-ms': ({ workerCpuMs, serverCpuMs }) => serverCpuMs === undefined ? undefined : workerCpuMs + serverCpuMs,
  'wall ms, start to close': ({ wallMs }) => wallMs,
  'of it behind its calendar': ({ lateMs }) => lateMs,
}
const SHAPES: Record<string, Figure> = {
  'workflow tasks': ({ tally }) => tally.workflowTasks,
  signals: ({ tally }) => tally.signals,
  'timers started': ({ tally }) => tally.timersStarted,
  'timers fired': ({ tally }) => tally.timersFired,
  activities: ({ tally }) => tally.activities,
  'local activities': ({ tally }) => tally.localActivities,
  'search attribute upserts': ({ tally }) => tally.upserts,
  'history events': ({ tally }) => tally.events,
  'history bytes': ({ tally }) => tally.bytes,
}

/** The report as people read it. */
export function tell(report: Report): string {
  const { children, everyMs, rounds, machine, idle, profiled } = report
  const idling = Object.entries(idle).map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ')
  const medianCpu = (variant: Variant) => median(valuesOf(rounds, variant, ({ workerCpuMs }) => workerCpuMs)).toFixed(1)
  return [
    `${machine.cores} cores, ${machine.model}, Node ${machine.node}. Rounds: ${rounds.length}, each of ${children} children of either kind, one every ${everyMs} ms.`,
    'Means of a child: median (least–most) of the rounds; the ratio is that of the medians.',
    '',
    compared('measured', COSTS, rounds),
    `CPU time is that of the worker's process and of the server's${idle.server === undefined ? ' (not available: the server is not ours)' : ''}, wall time is by the histories. It contains what`,
    `the processes use when there is nothing to do, measured before: ${idling} ms a second.`,
    'The aim is that workers and server together use at most 1.5 times what they use for bare workflows.',
    '',
    compared('counted in histories', SHAPES, rounds),
    'A bare workflow repeats what a real one of the same round did; tasks differ where messages happened to come together.',
    '',
    spent(profiled),
    `Sampled each ms in a further round of ${profiled.children} children. It is time of threads, so waiting for a core counts, and the profiler's own work;`,
    `without it the workers' CPU time was as above, ${medianCpu('enrollment')} and ${medianCpu('bare')}, native core and V8's helpers included. The server's is not split.`,
  ].join('\n')
}

const STYLE = { style: { head: [], border: [], compact: true } }

function compared(title: string, figures: Record<string, Figure>, rounds: Report['rounds']): string {
  const table = new Table({ head: [`${title}, a child`, 'enrollment', 'bare', 'ratio', 'of each round'], colAligns: ['left', 'right', 'right', 'right', 'right'], ...STYLE })
  for (const [name, figure] of Object.entries(figures)) {
    const ours = valuesOf(rounds, 'enrollment', figure)
    const floor = valuesOf(rounds, 'bare', figure)
    if (ours.length === 0) continue
    const ratios = ours.map((value, round) => (value / floor[round]!).toFixed(2))
    table.push([name, range(ours), range(floor), (median(ours) / median(floor)).toFixed(2), ratios.join(' ')])
  }
  return table.toString()
}

function spent(profiled: Report['profiled']): string {
  const table = new Table({ head: ["where the worker's time goes, ms a child", 'enrollment', 'bare', 'more'], colAligns: ['left', 'right', 'right', 'right'], ...STYLE })
  const [ours, floor] = [byTopic(profiled.enrollment.profile!), byTopic(profiled.bare.profile!)]
  const row = (name: string, a: number, b: number) => table.push([name, a.toFixed(1), b.toFixed(1), (a - b).toFixed(1)])
  for (const [topic, ms] of ours) row(topic, ms, floor.get(topic)!)
  const sum = (topics: Map<string, number>) => [...topics.values()].reduce((total, ms) => total + ms, 0)
  row('all threads of JavaScript', sum(ours), sum(floor))
  return table.toString()
}

const valuesOf = (rounds: Report['rounds'], variant: Variant, figure: Figure): number[] =>
  rounds.flatMap((round) => figure(round[variant]) ?? [])

/** The middle value; between two, their mean. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

function range(values: readonly number[]): string {
  const text = (value: number) => value.toFixed(Math.abs(value) < 1_000 ? 1 : 0)
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`
}
