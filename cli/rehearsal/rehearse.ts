import { compressTimeline, leastSeconds } from '../../policies/compress.js'
import { phasesOfKind, type Timeline, type TimelinePhase, type TimelinePhaseOf } from '../../policies/timeline.js'
import type { Problem } from '../../platform/problem.js'
import { childOf } from './actors/child.js'
import { attempt, connect, each, pause, type Addresses, type IdentityProvider, type Stage } from './actors/stage.js'
import { showSeason } from './display.js'
import type { Cast } from './families.js'
import type { Ledger } from './ledger.js'
import { missingOccurrences } from './occurrences.js'
import { countEnds, resultsByDistrict, type DistrictResult } from './outcomes.js'
import { play } from './play.js'
import { rosterCsv } from './roster.js'
import { readStories } from './stories.js'

export interface RehearsalOptions {
  season: string
  /** The policy's real calendar; it is compressed onto now. */
  timeline: Timeline
  cast: Cast
  seed: number
  /** Length of the compressed season; absent: as short as the windows allow. */
  seconds?: number
  /** Technical times of the platform (ms): nothing may follow a close sooner than these let it. */
  drainMs: number
  addresses: Addresses
  identity: IdentityProvider
  ledger: Ledger
  show: boolean
  signal: AbortSignal
}

export interface RehearsalResult {
  season: string
  children: number
  /** Length of the compressed season (s). */
  seconds: number
  outcomes: Record<string, number>
  districts: DistrictResult[]
  /** What should have happened and did not. */
  missing: string[]
  /** Refusals the actors met, by problem type. */
  refusals: Record<string, number>
  workflowsPerSecond: number
  eventsPerSecond: number
}

/** Least length of a window (ms), and what each child who acts in it adds, on two idle cores. */
const WINDOW_MS = 900
const WINDOW_MS_A_CHILD = 45
/** Time between starting a season and its first opening: the catalogue, the roster and the workflows must be there. */
const LEAD_MS = 2_500
const LEAD_MS_A_CHILD = 5
/** Time after a close until the next instant, where nobody has to wait for what the close says. */
const SETTLE_MS = 200
/** Time after a drain that a close whose outcome sends children on needs, and what each child adds. */
const AFTERMATH_MS = 300
const AFTERMATH_MS_A_CHILD = 2
/** How long one round takes once it may be decided. */
const ROUND_MS = 1_000
/** How long a form takes to the desk of a review that goes on after the forms close, and what each adds: authorities are asked first. */
const TO_REVIEW_MS = 3_000
const TO_REVIEW_MS_A_FORM = 45
const DAY_MS = 86_400_000
/** Seats given up are in nobody's hands before these closed, and a result must be decided before it is to be seen. */
const hasAftermath = (phase: TimelinePhase): boolean =>
  ['check-in', 'confirmation', 'arrangement'].includes(phase.kind) || (phase.publishAt ?? phase.closesAt) > phase.closesAt
/** Requests by which the machine's speed is judged, how many at once, and what one takes on an idle machine (ms). */
const PROBES = 64
const PROBES_AT_ONCE = 8
const WARMING = 2
const USUAL_PROBE_MS = 2.2
/** How long after the calendar's end the season may take to close. */
const CLOSING_MS = 120_000

/** What a compressed calendar must leave for so many children (ms), on a machine so many times slower than usual. */
export function pace(timeline: Timeline, { families, acting }: Cast, drainMs: number, slowness: number) {
  const children = families.length
  const toAct = (phase: TimelinePhase) => slowness * (WINDOW_MS + besides(timeline, phase).reduce((sum, one) => sum + acting(one), 0) * WINDOW_MS_A_CHILD)
  const toPublish = (round: TimelinePhaseOf<'round'>) => drainMs + slowness * ROUND_MS * roundsOfTheDay(timeline, round)
  const toWait = ({ id }: TimelinePhase) => {
    const awaited = new Set(families.flatMap(({ script }) => [script.forms[id]?.ifLost, script.choices[id]?.ifLost]))
    return Math.max(0, ...phasesOfKind(timeline, 'round').filter((round) => awaited.has(round.id)).map(toPublish))
  }
  const toHear = drainMs + slowness * (AFTERMATH_MS + children * AFTERMATH_MS_A_CHILD)
  return {
    leadMs: slowness * (LEAD_MS + children * LEAD_MS_A_CHILD),
    minimumWindowMs: (phase: TimelinePhase) => toAct(phase) + toWait(phase) + (isChecked(timeline, phase) ? slowness * TO_REVIEW_MS : 0) + (isFilledAtOpening(timeline, phase) ? toHear : 0),
    afterResultMs: (phase: TimelinePhase) => toAct(phase) + (phase.kind === 'round' ? toPublish(phase) : 0),
    settleMs: (phase: TimelinePhase) => {
      if (hasAftermath(phase)) return toHear
      return slowness * (isBeingReviewed(timeline, phase) ? TO_REVIEW_MS + acting(phase) * TO_REVIEW_MS_A_FORM : SETTLE_MS)
    },
  }
}

/** The phases whose work has to be done in the time of this one: of checks, reviews and forms under review all that are open together. */
function besides(timeline: Timeline, phase: TimelinePhase): TimelinePhase[] {
  const isOfCases = ({ kind }: TimelinePhase) => kind === 'check' || kind === 'review'
  if (!isOfCases(phase) && !isBeingReviewed(timeline, phase)) return [phase]
  return timeline.phases.filter((one) => one.id === phase.id || (isOfCases(one) && one.opensAt < phase.closesAt && phase.opensAt < one.closesAt))
}

/** A desk whose cases come from those who missed a check-in that closes as it opens. */
const isFilledAtOpening = (timeline: Timeline, { kind, opensAt }: TimelinePhase): boolean =>
  kind === 'arrangement' && phasesOfKind(timeline, 'check-in').some(({ closesAt }) => closesAt === opensAt)

/** Authorities answer while a review goes on. */
const isChecked = (timeline: Timeline, { kind, opensAt, closesAt }: TimelinePhase): boolean =>
  kind === 'review' && phasesOfKind(timeline, 'check').some((check) => check.opensAt < closesAt && opensAt < check.closesAt)

/** Rounds decided within a day before this one, itself included: each takes what the one before left. */
const roundsOfTheDay = (timeline: Timeline, { opensAt, index }: TimelinePhase): number =>
  phasesOfKind(timeline, 'round').filter((round) => round.opensAt <= opensAt && round.opensAt >= opensAt - DAY_MS && round.index <= index).length

/** A review of what is filed goes on for a while after the forms close. */
const isBeingReviewed = (timeline: Timeline, { kind, opensAt, closesAt }: TimelinePhase): boolean =>
  kind === 'registration' && phasesOfKind(timeline, 'review').some((review) => review.opensAt > opensAt && review.opensAt < closesAt && review.closesAt > closesAt)

/**
 * Rehearses a whole season against a running platform, through its public APIs only.
 * @throws Error if the season does not come to its end, or a service answers what no actor can understand
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalResult> {
  const { cast, season, seed, signal } = options
  const children = cast.families.length
  const apis = connect(options.addresses)
  const tempoAt = (slowness: number) => pace(options.timeline, cast, options.drainMs, slowness)
  const least = (slowness: number) => leastSeconds(options.timeline, tempoAt(slowness))
  const slowness = await slownessOf(apis, options.identity)
  const seconds = options.seconds ?? least(slowness)
  const tempo = tempoAt(slownessFor(seconds, slowness, least))
  const start = Date.now() + tempoAt(slowness).leadMs
  const timeline = compressTimeline(options.timeline, { start, seconds, ...tempo })
  const stage: Stage = {
    season, seed, timeline, apis, signal,
    catalogue: cast.catalogue, families: cast.families, ledger: options.ledger, identity: options.identity, refusals: new Map(),
  }
  const shown = new AbortController()
  const display = options.show ? showSeason(stage, AbortSignal.any([shown.signal, signal])) : Promise.resolve()
  const startedAt = Date.now()
  try {
    await openSeason(stage)
    await play(stage)
    await seasonClosed(stage)
  } finally {
    shown.abort()
    await display
  }
  const stories = await readStories(stage)
  const elapsedSeconds = (Date.now() - startedAt) / 1000
  return {
    season,
    children,
    seconds,
    outcomes: countEnds(timeline, stories),
    districts: resultsByDistrict(timeline, stories),
    missing: missingOccurrences(cast.occurrences, { timeline, catalogue: cast.catalogue, stories }),
    refusals: Object.fromEntries([...stage.refusals].sort()),
    workflowsPerSecond: Number((children / elapsedSeconds).toFixed(2)),
    eventsPerSecond: Number(((await eventCount(stage)) / elapsedSeconds).toFixed(2)),
  }
}

/**
 * How slow a machine would just fill so many seconds: time to spare makes all windows longer alike, not those most that
 * are long in the real calendar.
 */
function slownessFor(seconds: number, slowness: number, least: (slowness: number) => number): number {
  let filling = slowness
  // What does not grow with it makes each step too short, by less and less.
  for (let step = 0; step < 5; step++) filling *= Math.max(1, seconds / least(filling))
  return filling
}

/** How many times slower this machine answers right now than an idle one of two cores; at least 1. */
async function slownessOf(apis: Stage['apis'], identity: IdentityProvider): Promise<number> {
  const token = await identity.staff({ subject: 'bureau', role: 'city' })
  const probe = async (): Promise<number> => {
    const startedAt = performance.now()
    for (let batch = 0; batch < PROBES / PROBES_AT_ONCE; batch++) {
      await Promise.all(Array.from({ length: PROBES_AT_ONCE }, () => apis.console.listSeasons({ token })))
    }
    return (performance.now() - startedAt) / PROBES
  }
  // The first ones only warm the processes up.
  for (let round = 0; round < WARMING; round++) await probe()
  const [, median = USUAL_PROBE_MS] = [await probe(), await probe(), await probe()].sort((a, b) => a - b)
  return Math.max(1, median / USUAL_PROBE_MS)
}

/** What the bureau does before the first day: starts the season, hands over schools and zones, imports the roster. */
async function openSeason(stage: Stage): Promise<void> {
  const { season, apis, families, catalogue, timeline } = stage
  const token = await stage.identity.staff({ subject: 'bureau', role: 'city' })
  await apis.console.startSeason({ token, body: { season, timeline } })
  await persist(stage, () => apis.allocation.putCatalogue({ token, params: { season }, body: catalogue }))
  const body = Buffer.from(rosterCsv(families)) as never
  const params = { season, import: 'roster' }
  const report = await persist(stage, () =>
    apis.registration.importRoster({ token, params, headers: { 'content-type': 'text/csv' }, body, timeoutMs: 600_000 }))
  if (report.rejected > 0) {
    const { faults } = await apis.registration.listImportFaults({ token, params, query: { limit: 3 } })
    throw new Error(`the import rejected ${report.rejected} rows of a made-up roster: ${faults.map(({ row, field, reason }) => `row ${row}, ${field}: ${reason}`).join('; ')}`)
  }
  await each(stage, families, async (family) => { await childOf(stage, family, timeline.opensAt) })
}

/** Tries again while a season that was just started is not everywhere yet. */
async function persist<T>(stage: Stage, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const type = (error as Problem).type as string | undefined
      if (Date.now() >= stage.timeline.opensAt || (type !== 'not-yet' && type !== 'unknown-season')) throw error
      await pause(200)
    }
  }
}

async function seasonClosed(stage: Stage): Promise<void> {
  const deadline = stage.timeline.closesAt + CLOSING_MS
  while (!stage.signal.aborted) {
    const token = await stage.identity.staff({ subject: 'bureau', role: 'city' })
    const answer = await attempt(stage, deadline, () => stage.apis.console.listSeasons({ token }))
    if (answer?.seasons.some(({ season, closedAt }) => season === stage.season && closedAt !== undefined)) return
    if (Date.now() >= deadline) throw new Error(`season ${stage.season} has not closed ${CLOSING_MS / 1000} s after its calendar's end`)
    await pause(250)
  }
  throw new Error('the rehearsal was broken off')
}

async function eventCount(stage: Stage): Promise<number> {
  const token = await stage.identity.staff({ subject: 'bureau', role: 'city' })
  const figures = await stage.apis.console.getFigures({ token, params: { season: stage.season } })
  return figures.events
}
