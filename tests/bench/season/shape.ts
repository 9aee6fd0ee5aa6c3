import { tsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import type { BareCommand, BareStep } from './bare.js'

export type History = proto.temporal.api.history.v1.IHistory
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent
type Payloads = proto.temporal.api.common.v1.IPayloads | null | undefined

/** What a workflow's history holds, counted. */
export interface Tally {
  events: number
  bytes: number
  workflowTasks: number
  signals: number
  timersStarted: number
  timersFired: number
  activities: number
  localActivities: number
  upserts: number
}

/** Counts what the history of one workflow holds. */
export function tallyOf(history: History): Tally {
  const events = history.events ?? []
  const count = (is: (event: HistoryEvent) => unknown) => events.filter(is).length
  return {
    events: events.length,
    bytes: proto.temporal.api.history.v1.History.encode(history).finish().length,
    workflowTasks: count((event) => event.workflowTaskCompletedEventAttributes),
    signals: count((event) => event.workflowExecutionSignaledEventAttributes),
    timersStarted: count((event) => event.timerStartedEventAttributes),
    timersFired: count((event) => event.timerFiredEventAttributes),
    activities: count((event) => event.activityTaskScheduledEventAttributes),
    localActivities: count((event) => event.markerRecordedEventAttributes),
    upserts: count((event) => event.upsertWorkflowSearchAttributesEventAttributes),
  }
}

/** When a workflow started and closed (ms). */
export function spanOf({ events }: History): { startedAt: number; closedAt: number } {
  return { startedAt: tsToMs(events!.at(0)!.eventTime), closedAt: tsToMs(events!.at(-1)!.eventTime) }
}

/**
 * The bare likeness of a workflow: step by step what it waited for and what it then commanded, with payloads of the
 * same size and timers due at the same instants.
 * @param startsAt instant (ms) from which the instants of the timers count
 */
export function stepsOf({ events }: History, startsAt: number): BareStep[] {
  const steps: BareStep[] = []
  const cause = { signals: 0, done: 0, fired: [] as string[] }
  let taskStartedAt = 0
  for (const event of events ?? []) {
    const command = commandOf(event, taskStartedAt - startsAt)
    if (command) steps.at(-1)!.commands.push(command)
    else if (event.workflowExecutionSignaledEventAttributes) cause.signals += 1
    else if (event.activityTaskCompletedEventAttributes) cause.done += 1
    else if (event.timerFiredEventAttributes) cause.fired.push(event.timerFiredEventAttributes.timerId!)
    else if (event.workflowTaskStartedEventAttributes) {
      taskStartedAt = tsToMs(event.eventTime)
      steps.push({ ...cause, commands: [] })
      cause.fired = []
    }
  }
  return steps
}

function commandOf(event: HistoryEvent, taskStartedMs: number): BareCommand | undefined {
  const started = event.timerStartedEventAttributes
  if (started) return { kind: 'timer', id: started.timerId!, atMs: taskStartedMs + tsToMs(started.startToFireTimeout) }
  const canceled = event.timerCanceledEventAttributes
  if (canceled) return { kind: 'cancel', id: canceled.timerId! }
  const scheduled = event.activityTaskScheduledEventAttributes
  if (scheduled) return { kind: 'activity', bytes: bytesOf(scheduled.input) }
  const marker = event.markerRecordedEventAttributes
  if (marker) return { kind: 'local', bytes: bytesOf(marker.details?.['result']) }
  const upsert = event.upsertWorkflowSearchAttributesEventAttributes
  if (upsert) return { kind: 'upsert', attributes: attributesOf(upsert.searchAttributes) }
  return undefined
}

function bytesOf(payloads: Payloads): number {
  return (payloads?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0)
}

function attributesOf(attributes: proto.temporal.api.common.v1.ISearchAttributes | null | undefined): Record<string, string> {
  const fields = Object.entries(attributes?.indexedFields ?? {})
  return Object.fromEntries(fields.map(([name, { data }]) => [name, [JSON.parse(Buffer.from(data!).toString())].flat()[0] as string]))
}
