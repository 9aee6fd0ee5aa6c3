import type { ChildFact } from '../../../contracts/facts.js'
import { SERVICES, type ChildId, type SeasonId, type ServiceName } from '../../../contracts/ids.js'
import { enrollmentWorkflowId, type EnrollmentInput, type Technical } from '../../../contracts/workflows.js'
import { compressTimeline } from '../../../policies/compress.js'
import type { Timeline } from '../../../policies/timeline.js'
import { ScriptedChild } from '../../../workflows/enrollment/scripted-child.fixture.js'
import { spreadOf } from '../../../workflows/enrollment/spread.js'
import { LIVES } from '../../season-calendar/lives.js'
import type { Hands, Life } from '../../season-calendar/run-season.js'

/** What makes a season's plan: the same in every process that is told it. */
export interface SeasonOutline {
  season: SeasonId
  children: number
  /** When the first child's season begins (ms). */
  startsAt: number
  /** From one child's beginning to the next one's (ms). */
  everyMs: number
}

/** One child of the benchmark, on a calendar of its own. */
export interface ChildPlan {
  id: ChildId
  input: EnrollmentInput<Timeline>
  /** When its season begins, half a second before its calendar, and when its workflow should have ended (ms). */
  startsAt: number
  endsAt: number
  /** What is said to its workflow, in order; the first starts it. */
  said: Said[]
}

export interface Said {
  at: number
  fact: ChildFact
  /** What each service knows of the child from then on. */
  known: Record<ServiceName, ChildFact[]>
}

/** Length of a child's season (s), and the least distance of two of its instants (ms): longer than the technical times. */
const CALENDAR_S = 30
const GAP_MS = 250
/** From a child's beginning to its first opening (ms), here and in the scripts. */
const LEAD_MS = 500
const SCRIPTED_LEAD_MS = 30 * 60_000
const TECHNICAL: Technical = { drainMs: 30, graceMs: 30, spreadMs: 20, publishBatch: 100, publishPauseMs: 0 }

/** What ten children live. A desk's decision is an update, which a bare workflow has no likeness of: nobody waits for the desk. */
const TEN = [
  ...Array.from({ length: 6 }, () => 'public ordinary'),
  'late on site', 'private admitted', 'private lost', 'vacancy applicant who moves',
].map((name) => LIVES.find((life) => life.name === name)!)

/** Lays children's lives onto short calendars, one child after the other. */
export function planSeason(timeline: Timeline, outline: SeasonOutline): ChildPlan[] {
  return Array.from({ length: outline.children }, (_, index) => planChild(timeline, outline, index))
}

function planChild(timeline: Timeline, { season, startsAt: first, everyMs }: SeasonOutline, index: number): ChildPlan {
  const startsAt = first + index * everyMs
  const calendar = compressTimeline(timeline, { start: startsAt + LEAD_MS, seconds: CALENDAR_S, minimumWindowMs: GAP_MS, minimumGapMs: GAP_MS })
  const child = new ScriptedChild(season, `c${index.toString(32).padStart(25, '0')}`)
  const said = saidIn(TEN[index % TEN.length]!, child, timeline, layer(timeline, calendar))
  const spreadMs = spreadOf(enrollmentWorkflowId(season, child.id), TECHNICAL.spreadMs)
  return {
    id: child.id,
    startsAt,
    endsAt: calendar.closesAt + TECHNICAL.drainMs + TECHNICAL.graceMs + spreadMs,
    said,
    input: { season, child: child.id, timeline: calendar, technical: TECHNICAL },
  }
}

/** The script's facts in their order, at instants of the child's calendar. */
function saidIn(life: Life, child: ScriptedChild, timeline: Timeline, laid: (instant: number) => number): Said[] {
  const said: Said[] = []
  for (const { at, does } of life.steps(timeline).toSorted((a, b) => a.at - b.at)) {
    const tell = async (fact: ChildFact) => {
      const known = Object.fromEntries(SERVICES.map((service) => [service, child.knownTo(service)])) as Said['known']
      said.push({ at: Math.ceil(laid(at)), fact, known })
    }
    // These lives do nothing but tell.
    does({ child, tell } as Hands)
  }
  return said
}

/** Where an instant of the real calendar lies on the short one. */
function layer(real: Timeline, short: Timeline): (instant: number) => number {
  const instants = ({ phases }: Timeline) => phases.flatMap((phase) => [phase.opensAt, phase.closesAt, phase.publishAt ?? phase.closesAt])
  const targets = instants(short)
  const pairs: [number, number][] = [
    [real.opensAt - SCRIPTED_LEAD_MS, short.opensAt - LEAD_MS],
    ...instants(real).map((instant, index): [number, number] => [instant, targets[index]!]).sort(([a], [b]) => a - b),
  ]
  return (instant) => {
    const before = pairs.findLast(([from]) => from <= instant)!
    const after = pairs.find(([from]) => from > instant) ?? before
    const share = after[0] === before[0] ? 0 : (instant - before[0]) / (after[0] - before[0])
    return before[1] + share * (after[1] - before[1])
  }
}
