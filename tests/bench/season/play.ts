import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { ChildFact } from '../../../contracts/facts.js'
import type { ChildId, SeasonId } from '../../../contracts/ids.js'
import { SEARCH_ATTRIBUTES, SIGNALS, enrollmentWorkflowId } from '../../../contracts/workflows.js'
import { createChildWorkflows } from '../../../workflows/enrollment/client.js'
import type { BareInput, BareStep } from './bare.js'
import type { ChildPlan } from './plan.js'
import { BARE } from './protocol.js'

/** Starts and tells children's workflows of one variant. */
export interface Teller {
  idOf(plan: ChildPlan): string
  start(plan: ChildPlan, fact: ChildFact): Promise<unknown>
  tell(plan: ChildPlan, fact: ChildFact): Promise<unknown>
}

/** Speaks to the real workflows as the bridge does. */
export function enrollmentTeller(client: Client): Teller {
  const workflows = createChildWorkflows(client)
  return {
    idOf: ({ input }) => enrollmentWorkflowId(input.season, input.child),
    start: ({ input }, fact) => workflows.start(input, fact),
    tell: (_plan, fact) => workflows.tell(fact),
  }
}

/** The same messages to bare workflows, which are told at their start what to do. */
export function bareTeller(client: Client, steps: ReadonlyMap<ChildId, BareStep[]>): Teller {
  const idOf = ({ input, id }: ChildPlan) => `bare/${input.season}/${id}`
  const attributes = (season: SeasonId, { district }: ChildFact) =>
    Object.entries({ [SEARCH_ATTRIBUTES.season]: season, [SEARCH_ATTRIBUTES.status]: 'listed', ...(district ? { [SEARCH_ATTRIBUTES.district]: district } : {}) })
      .map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }))
  return {
    idOf,
    start: (plan, fact) => client.workflow.signalWithStart(BARE.workflow, {
      workflowId: idOf(plan),
      taskQueue: BARE.taskQueue,
      args: [{ startsAt: plan.startsAt, steps: steps.get(plan.id)! } satisfies BareInput],
      signal: SIGNALS.fact,
      signalArgs: [fact],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: attributes(plan.input.season, fact),
    }),
    tell: (plan, fact) => client.workflow.getHandle(idOf(plan)).signal(SIGNALS.fact, fact),
  }
}

/** Says everything at its instant, a child's facts one after the other. */
export async function playSeason(plans: readonly ChildPlan[], teller: Teller): Promise<void> {
  const told = new Map<ChildPlan, Promise<unknown>>()
  const all = plans.flatMap((plan) => plan.said.map(({ at, fact }) => ({ at, plan, fact })))
  for (const { at, plan, fact } of all.toSorted((a, b) => a.at - b.at)) {
    await delay(Math.max(0, at - Date.now()))
    const before = told.get(plan)
    const tell = before ? before.then(() => teller.tell(plan, fact)) : teller.start(plan, fact)
    told.set(plan, tell)
    // Told at the end, by the wait for all.
    tell.catch(() => undefined)
  }
  await Promise.all(told.values())
}

const LOOK_MS = 250
const PATIENCE_MS = 60_000

/**
 * Waits until no workflow of the season runs any more.
 * @throws Error if some still do a minute after the last one's calendar has ended
 */
export async function seasonEnded(client: Client, season: SeasonId, lastEndsAt: number): Promise<void> {
  await delay(Math.max(0, lastEndsAt - Date.now()))
  for (;;) {
    const { count } = await client.workflow.count(`${SEARCH_ATTRIBUTES.season} = '${season}' AND ExecutionStatus = 'Running'`)
    if (count === 0) return
    if (Date.now() > lastEndsAt + PATIENCE_MS) throw new Error(`${count} workflows of ${season} still run a minute after their calendar has ended`)
    await delay(LOOK_MS)
  }
}
