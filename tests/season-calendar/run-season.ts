import type { WorkflowHandle } from '@temporalio/client'
import proto from '@temporalio/proto'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkflowBundleOption } from '@temporalio/worker'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { EndState, EnrollmentView } from '../../contracts/enrollment.js'
import type { ChildFact } from '../../contracts/facts.js'
import { QUERIES, SEARCH_ATTRIBUTES, SIGNALS, TASK_QUEUES, UPDATES, WORKFLOWS, enrollmentWorkflowId, type ArrangeAnswer, type ArrangeRequest, type EnrollmentInput, type Technical } from '../../contracts/workflows.js'
import type { Timeline } from '../../policies/timeline.js'
import { printProgress } from '../../infra/stack/progress.js'
import { testServerBinary } from '../../infra/test-server/distribution.js'
import { quietTemporal } from '../support/temporal.js'
import { ScriptedChild } from '../../workflows/enrollment/scripted-child.fixture.js'
import { shiftTimeline } from './shift.js'
import { StandIns } from './stand-ins.js'

/** What a script can do to a child's workflow, the way the bridge and the console do it. */
export interface Hands {
  child: ScriptedChild
  standIns: StandIns
  tell(fact: ChildFact): Promise<void>
  flag(by: string, reason: string): Promise<void>
  arrange(request: ArrangeRequest): Promise<ArrangeAnswer>
  view(): Promise<EnrollmentView>
}

/** One thing that happens at an instant of the calendar (ms). */
export interface Step {
  at: number
  does(hands: Hands): unknown
}

export interface Life {
  name: string
  steps(calendar: Timeline): Step[]
}

export interface LivedLife {
  name: string
  child: ScriptedChild
  end: EndState
  view: EnrollmentView
  /** Events of all its runs. */
  events: number
  handle: WorkflowHandle
}

export interface SeasonRun {
  calendar: Timeline
  standIns: StandIns
  lives: Map<string, LivedLife>
}

export const TECHNICAL: Technical = { drainMs: 6_000, graceMs: 10_000, spreadMs: 60_000, publishBatch: 500, publishPauseMs: 1_000 }

/** Starts the time-skipping server. Its clock is the same for all workflows: one season at a time. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  quietTemporal()
  const path = await testServerBinary(printProgress)
  const env = await started(path)
  const searchAttributes = Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, KEYWORD]))
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes })
  return env
}

/** The SDK gives the server five seconds, which a busy machine exceeds now and then. */
async function started(path: string, tries = 4): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })
  } catch (error) {
    if (tries <= 1) throw error
    return started(path, tries - 1)
  }
}

/**
 * Lives all lives side by side through one season that keeps the policy's real distances in time.
 * @param input further input of each workflow
 */
export async function runSeason(
  env: TestWorkflowEnvironment,
  bundle: WorkflowBundleOption,
  timeline: Timeline,
  lives: readonly Life[],
  input: Partial<EnrollmentInput<Timeline>> = {},
): Promise<SeasonRun> {
  const calendar = shiftTimeline(timeline, (await env.currentTimeMs()) + HOUR_MS - timeline.opensAt)
  const standIns = new StandIns(calendar, () => env.currentTimeMs())
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: TASK_QUEUES.enrollment,
    workflowBundle: bundle,
    activities: bound(standIns),
  })
  return worker.runUntil(async () => {
    const started = lives.map((life, index) => ({ life, hands: handsOf(env, standIns, calendar, index, input) }))
    await play(env, started.flatMap(({ life, hands }) => life.steps(calendar).map((step) => ({ ...step, life: life.name, hands }))))
    const lived = new Map<string, LivedLife>()
    for (const { life, hands } of started) lived.set(life.name, await outcomeOf(env, life.name, hands))
    return { calendar, standIns, lives: lived }
  })
}

const HOUR_MS = 3_600_000
const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

async function play(env: TestWorkflowEnvironment, steps: (Step & { life: string; hands: Hands })[]): Promise<void> {
  for (const { at, does, life, hands } of steps.toSorted((a, b) => a.at - b.at)) {
    const now = await env.currentTimeMs()
    if (at > now) await env.sleep(at - now)
    try {
      await does(hands)
    } catch (error) {
      throw new Error(`${life}: a step of its script failed`, { cause: error })
    }
  }
}

function handsOf(env: TestWorkflowEnvironment, standIns: StandIns, calendar: Timeline, index: number, input: Partial<EnrollmentInput<Timeline>>): Hands {
  const season = calendar.policy.id
  const child = new ScriptedChild(season, childId(index))
  standIns.children.set(child.id, child)
  const workflowId = enrollmentWorkflowId(season, child.id)
  const handle = env.client.workflow.getHandle(workflowId)
  let isStarted = false
  return {
    child,
    standIns,
    async tell(fact) {
      if (isStarted) return handle.signal(SIGNALS.fact, fact)
      isStarted = true
      await env.client.workflow.signalWithStart(WORKFLOWS.enrollment, {
        workflowId,
        taskQueue: TASK_QUEUES.enrollment,
        args: [{ season, child: child.id, timeline: calendar, technical: TECHNICAL, ...input } satisfies EnrollmentInput<Timeline>],
        signal: SIGNALS.fact,
        signalArgs: [fact],
        typedSearchAttributes: [
          { key: defineSearchAttributeKey(SEARCH_ATTRIBUTES.season, 'KEYWORD'), value: season },
          { key: defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD'), value: 'listed' },
          ...(fact.district ? [{ key: defineSearchAttributeKey(SEARCH_ATTRIBUTES.district, 'KEYWORD'), value: fact.district }] : []),
        ],
      })
    },
    flag: (by, reason) => handle.signal(SIGNALS.flagForArrangement, { by, reason }),
    arrange: (request) => handle.executeUpdate<ArrangeAnswer, [ArrangeRequest]>(UPDATES.arrange, { args: [request] }),
    view: () => handle.query<EnrollmentView>(QUERIES.getEnrollment),
  }
}

async function outcomeOf(env: TestWorkflowEnvironment, name: string, { child, view }: Hands): Promise<LivedLife> {
  const handle = env.client.workflow.getHandle(enrollmentWorkflowId(child.season, child.id))
  const end = (await handle.result()) as EndState
  return { name, child, end, view: await view(), events: await eventsOf(env, handle.workflowId), handle }
}

/** Events of the first run and of all that continued it. */
async function eventsOf(env: TestWorkflowEnvironment, workflowId: string): Promise<number> {
  let events = 0
  let runId: string | undefined = (await env.client.workflow.getHandle(workflowId).fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined
  while (runId) {
    const history = await env.client.workflow.getHandle(workflowId, runId).fetchHistory()
    events += history.events?.length ?? 0
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
  }
  return events
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
const childId = (index: number): string => `c${LETTERS[Math.floor(index / 32)]}${LETTERS[index % 32]!.repeat(24)}`

const bound = (standIns: StandIns) => ({
  askOutcome: standIns.askOutcome.bind(standIns),
  publishEnrollment: standIns.publishEnrollment.bind(standIns),
  openCase: standIns.openCase.bind(standIns),
  issuePaper: standIns.issuePaper.bind(standIns),
  release: standIns.release.bind(standIns),
  arrange: standIns.arrange.bind(standIns),
})
