import { compressTimeline, leastSeconds } from '../../policies/compress.js'
import type { Timeline } from '../../policies/timeline.js'
import type { Problem } from '../../platform/problem.js'
import { childOf } from './actors/child.js'
import { attempt, connect, each, pause, type Addresses, type IdentityProvider, type Stage } from './actors/stage.js'
import { showSeason } from './display.js'
import type { Cast } from './families.js'
import type { Ledger } from './ledger.js'
import { missingOccurrences } from './occurrences.js'
import { countEnds, resultsByDistrict, type DistrictResult } from './outcomes.js'
import { pace } from './pace.js'
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

/** Requests by which the machine's speed is judged, how many at once, and what one takes on an idle machine (ms). */
const PROBES = 64
const PROBES_AT_ONCE = 8
const WARMING = 2
const USUAL_PROBE_MS = 1.5
/** How long after the calendar's end the season may take to close. */
const CLOSING_MS = 120_000

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
  const slowness = cast.sideBySide * (await slownessOf(apis, options.identity))
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
