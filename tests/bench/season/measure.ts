import type { Client } from '@temporalio/client'
import pLimit from 'p-limit'
import type { ChildId } from '../../../contracts/ids.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { BareStep } from './bare.js'
import { playSeason, seasonEnded, type Teller } from './play.js'
import { planSeason, type SeasonOutline } from './plan.js'
import type { SelfTime } from './profile.js'
import type { Variant } from './protocol.js'
import { spanOf, stepsOf, tallyOf, type Tally } from './shape.js'
import type { WorkerProcess } from './worker-process.js'

/** What one run of one variant cost; each figure is the mean of a child. */
export interface Cost {
  variant: Variant
  workerCpuMs: number
  /** Not there if the server is not ours. */
  serverCpuMs?: number
  /** From the workflow's start to its close. */
  wallMs: number
  /** From the instant at which its calendar lets it end to its close. */
  lateMs: number
  tally: Tally
  profile?: SelfTime[]
}

export interface Stage {
  client: Client
  timeline: Timeline
  /** Processor time of the Temporal server so far (ms), if it is ours. */
  serverCpuMs: () => Promise<number | undefined>
}

/** From the plan's making to its first instant (ms). */
const PREPARING_MS = 2_000
const FETCHED_AT_ONCE = 8

/** Lives a season with one variant and measures what it takes; what a bare workflow would have to do is read from the histories afterwards. */
export async function measure(
  { client, timeline, serverCpuMs }: Stage,
  worker: WorkerProcess,
  teller: Teller,
  season: Omit<SeasonOutline, 'startsAt'>,
  profiled: boolean,
): Promise<{ cost: Cost; steps: Map<ChildId, BareStep[]> }> {
  const outline = { ...season, startsAt: Date.now() + PREPARING_MS }
  const plans = planSeason(timeline, outline)
  await worker.ask({ ask: 'plan', outline })
  if (profiled) await worker.ask({ ask: 'start-profile' })
  const cpu = async () => ({ worker: await worker.ask({ ask: 'cpu' }), server: await serverCpuMs() })
  const before = await cpu()
  await playSeason(plans, teller)
  await seasonEnded(client, season.season, Math.max(...plans.map(({ endsAt }) => endsAt)))
  const after = await cpu()
  const profile = profiled ? await worker.ask({ ask: 'stop-profile' }) : undefined

  const limit = pLimit(FETCHED_AT_ONCE)
  const lived = await Promise.all(plans.map((plan) => limit(async () => {
    const history = await client.workflow.getHandle(teller.idOf(plan)).fetchHistory()
    return { plan, history, ...spanOf(history) }
  })))
  const mean = (figure: (one: (typeof lived)[number]) => number) => lived.reduce((sum, one) => sum + figure(one), 0) / plans.length
  const tallies = new Map(lived.map(({ plan, history }) => [plan, tallyOf(history)]))
  const kinds = Object.keys(tallies.get(plans[0]!)!) as (keyof Tally)[]
  const cost: Cost = {
    variant: worker.variant,
    workerCpuMs: (after.worker - before.worker) / plans.length,
    ...(after.server !== undefined && { serverCpuMs: (after.server - before.server!) / plans.length }),
    wallMs: mean(({ startedAt, closedAt }) => closedAt - startedAt),
    lateMs: mean(({ plan, closedAt }) => closedAt - plan.endsAt),
    tally: Object.fromEntries(kinds.map((kind) => [kind, mean(({ plan }) => tallies.get(plan)![kind])])) as Record<keyof Tally, number>,
    ...(profile && { profile: profile.map((time) => ({ ...time, ms: time.ms / plans.length })) }),
  }
  return { cost, steps: new Map(lived.map(({ plan, history }) => [plan.id, stepsOf(history, plan.startsAt)])) }
}
