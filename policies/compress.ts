import { PEOPLE_KINDS } from './language.js'
import { phasesOfKind, publishAtOf, type Span, type Timeline, type TimelinePhase, type TimelinePhaseOf } from './timeline.js'

/** A time (ms), the same for all phases or for each its own. */
export type PhaseTime = number | ((phase: TimelinePhase) => number)

export interface Compression {
  /** The instant (ms) onto which the first opening is laid. */
  start: number
  /** From the first opening to the end of the season. */
  seconds: number
  /** The least length of every window that people use. */
  minimumWindowMs: PhaseTime
  /** The least distance of two instants that differ. @default 100 */
  minimumGapMs?: number
  /** The least time left after a window that people use closes, or a round is decided, before the next instant. @default minimumGapMs */
  settleMs?: PhaseTime
  /** The least time from the publication of a round to the close of a check-in or confirmation that is open by then. @default 0 */
  afterResultMs?: PhaseTime
}

/** The calendar cannot be made that short; `leastSeconds` is how short it can be. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError'
  constructor(readonly seconds: number, readonly leastSeconds: number) {
    super(`the season cannot be compressed to ${seconds} s: its windows need at least ${leastSeconds} s`)
  }
}

/**
 * Lays a calendar onto `seconds` from `start`, piece by piece: the order and the equalities of all instants
 * stay, every window that people use keeps its minimum, and what time is left goes to such windows by the
 * square root of their real length. Only windows and boundaries move; dates in rules never do.
 * @throws CompressionError with the least feasible length
 */
export function compressTimeline(timeline: Timeline, compression: Compression): Timeline {
  const instants = instantsOf(timeline)
  const least = leastOffsets(timeline, instants, compression)
  const slack = compression.seconds * 1000 - least.at(-1)!
  if (slack < 0) throw new CompressionError(compression.seconds, leastSeconds(timeline, compression))
  const shares = sharesOf(timeline, instants)
  const moved = new Map(instants.map((instant, index) => [instant, compression.start + least[index]! + Math.floor(slack * shares[index]!)]))
  return moveTimeline(timeline, (instant) => moved.get(instant)!)
}

/** The least whole number of seconds to which the calendar can be compressed. */
export function leastSeconds(timeline: Timeline, compression: Omit<Compression, 'start' | 'seconds'>): number {
  return Math.ceil(leastOffsets(timeline, instantsOf(timeline), compression).at(-1)! / 1000)
}

function spansOf(phase: TimelinePhase): Span[] {
  const at = phase.publishAt
  return [phase, ...(phase.handover ? [phase.handover] : []), ...(at === undefined ? [] : [{ opensAt: at, closesAt: at }])]
}

function instantsOf(timeline: Timeline): number[] {
  const all = timeline.phases.flatMap(spansOf).flatMap((span) => [span.opensAt, span.closesAt])
  return [...new Set([...all, timeline.opensAt, timeline.closesAt])].sort((a, b) => a - b)
}

function usedByPeople(phase: TimelinePhase): boolean {
  return PEOPLE_KINDS.includes(phase.kind)
}

const timeOf = (time: PhaseTime, phase: TimelinePhase): number => (typeof time === 'number' ? time : time(phase))

/** The longest path over the instants: the earliest each can be with every minimum kept. */
function leastOffsets(timeline: Timeline, instants: number[], { minimumWindowMs, minimumGapMs = 100, settleMs = minimumGapMs, afterResultMs = 0 }: Omit<Compression, 'start' | 'seconds'>): number[] {
  const settling = new Map<number, number>()
  for (const phase of timeline.phases.filter((one) => usedByPeople(one) || one.kind === 'round')) {
    settling.set(phase.closesAt, Math.max(settling.get(phase.closesAt) ?? 0, timeOf(settleMs, phase)))
  }
  const windows = timeline.phases.filter((phase) => usedByPeople(phase) && phase.closesAt > phase.opensAt)
  const results = timeline.phases.flatMap((phase) => (phase.kind === 'check-in' || phase.kind === 'confirmation' ? resultsWhileOpen(timeline, phase) : []))
  const offsets = new Map<number, number>()
  for (const [index, instant] of instants.entries()) {
    const before = instants[index - 1]
    const afterGap = before === undefined ? 0 : offsets.get(before)! + Math.max(minimumGapMs, settling.get(before) ?? 0)
    const afterWindows = windows
      .filter((window) => window.closesAt === instant)
      .map((window) => offsets.get(window.opensAt)! + timeOf(minimumWindowMs, window))
    const afterResults = results
      .filter(({ closesAt }) => closesAt === instant)
      .map(({ publishAt, round }) => offsets.get(publishAt)! + timeOf(afterResultMs, round))
    offsets.set(instant, Math.max(afterGap, ...afterWindows, ...afterResults))
  }
  return instants.map((instant) => offsets.get(instant)!)
}

/** The rounds of a phase whose results come when people already may act on them. */
function resultsWhileOpen(timeline: Timeline, { of, opensAt, closesAt }: TimelinePhaseOf<'check-in' | 'confirmation'>) {
  return phasesOfKind(timeline, 'round')
    .map((round) => ({ round, publishAt: publishAtOf(round), closesAt }))
    .filter(({ round, publishAt }) => of.includes(round.id) && opensAt <= publishAt && publishAt < closesAt)
}

/** How much of the spare time has been spent at each instant: from 0 at the first to 1 at the last, never falling. */
function sharesOf(timeline: Timeline, instants: number[]): number[] {
  const weights = instants.slice(1).map((instant, index) => {
    const from = instants[index]!
    const inUse = timeline.phases.some((phase) => usedByPeople(phase) && phase.opensAt <= from && instant <= phase.closesAt)
    return Math.sqrt(instant - from) * (inUse ? 1 : 0.1)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let spent = 0
  return [0, ...weights.map((weight, index) => {
    spent += weight
    return index === weights.length - 1 ? 1 : spent / total
  })]
}

function moveTimeline(timeline: Timeline, move: (instant: number) => number): Timeline {
  const moveSpan = <S extends Span>(span: S): S => ({ ...span, opensAt: move(span.opensAt), closesAt: move(span.closesAt) })
  return {
    ...moveSpan(timeline),
    calendar: 'compressed',
    phases: timeline.phases.map((phase) => ({
      ...moveSpan(phase),
      ...(phase.handover ? { handover: moveSpan(phase.handover) } : {}),
      ...(phase.publishAt === undefined ? {} : { publishAt: move(phase.publishAt) }),
    })),
  }
}
