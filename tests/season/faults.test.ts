import { beforeAll, describe, expect, it } from 'vitest'
import { SERVED, WORKED } from '../../cli/processes/names.js'
import type { ProcessPlan } from '../../cli/platform/launch.js'
import type { Platform } from '../../cli/platform/start.js'
import { castFamilies } from '../../cli/rehearsal/casts/cast.js'
import type { Family } from '../../cli/rehearsal/families.js'
import { rehearsePolicy, type RehearsalReport } from '../../cli/rehearsal/report.js'
import { loadPolicy } from '../../policies/load.js'
import { Problem } from '../../platform/problem.js'
import { killing, sparing, type Faults } from './faults.js'
import { platformForTests } from './platform.js'
import { differences, recordOf, type SeasonRecord } from './record.js'
import { playDeadlines, SEASON, type Seen } from './scenario.js'
import type { Ends } from './witnesses.js'

const CHILDREN = 60
/** Windows long enough for what was killed to come back and for everybody to act in them. */
const SECONDS = 150
const SEED = 11

/** Allocation apart, so that one service can be killed alone. */
const APART: readonly ProcessPlan[] = [
  { name: 'services', serve: SERVED.filter((name) => name !== 'allocation') },
  { name: 'allocation', serve: ['allocation'] },
  { name: 'workers', work: WORKED.filter((name) => name !== 'bridge') },
  { name: 'bridge', work: ['bridge'] },
]

interface Played {
  report: RehearsalReport
  record: SeasonRecord
  seen: Seen
}

/** Plays the season on a platform of its own; the same seed gives the same children with the same ids. */
async function play(families: readonly Family[], faultsOf: (platform: Platform) => Faults): Promise<Played> {
  const platform = await platformForTests({ seed: SEED, plan: APART })
  const over = new AbortController()
  try {
    const [report, seen] = await Promise.all([
      rehearsePolicy(platform, { policy: SEASON, children: CHILDREN, seconds: SECONDS, seed: SEED, signal: over.signal }),
      playDeadlines(platform, families, faultsOf(platform)),
    ])
    return { report, seen, record: await recordOf(platform, SEASON) }
  } finally {
    over.abort()
    await platform.stop()
  }
}

let families: Family[]
let clean: Played
let faulted: Played

beforeAll(async () => {
  families = castFamilies((await loadPolicy(SEASON)).timeline, CHILDREN, SEED).families
  clean = await play(families, () => sparing)
  faulted = await play(families, killing)
}, 800_000)

const both = (): Played[] => [clean, faulted]
const iso = (instant: number): string => new Date(instant).toISOString()
const everywhere = (instant: number): Ends => ({ owner: iso(instant), workflow: iso(instant), console: iso(instant) })

describe('a season in which workers, bridge, a service, Kafka and Temporal are killed', () => {
  it('ends, and so does every child, with an audit that holds', () => {
    for (const { report } of both()) {
      expect(report.audit.violations).toEqual([])
      expect(report.missing).toEqual([])
      expect(report.outcomes['open']).toBeUndefined()
    }
  })

  it.each(['acts', 'rounds', 'ends'] as const)('has the same %s as one in which nothing happened', (what) => {
    expect(clean.record[what]).not.toEqual([])
    expect(differences(clean.record[what], faulted.record[what], ['undisturbed', 'with faults'])).toEqual([])
  })
})

describe('a registration that ends while no worker runs', () => {
  it('takes everything that came in time and refuses what came late with the instant of closing', () => {
    for (const { inTime, late, closesAt } of both().map(({ seen }) => seen.registration)) {
      expect(inTime).toEqual(Array(4).fill(expect.objectContaining({ phase: 'register', revision: 2 })))
      expect(late).toEqual(Array(4).fill(expect.objectContaining({ type: 'window-closed', closesAt: iso(closesAt) })))
    }
  })

  it('is closed when a worker is back, with all that came in time', () => {
    const { backAt, closedAt, kept, left } = faulted.seen.registration
    const frozenWith = (room: string): unknown => expect.objectContaining({ frozen: true, answers: expect.objectContaining({ 'household.address': expect.objectContaining({ room }) }) })
    expect(closedAt).toBeGreaterThan(backAt)
    expect(kept).toEqual(Array(4).fill(frozenWith('2-202')))
    expect(left).toEqual(Array(4).fill(frozenWith('')))
  })
})

describe('a private registration while the bridge is down', () => {
  it('refuses nobody who is on time, and everybody takes part in the round', () => {
    const applicants = families.filter(({ script }) => script.choices['private-choice'] !== undefined)
    const childIn = (line: string) => line.split(' ')[1]
    const chosen = faulted.record.acts.filter((act) => /^choice \S+ private-choice /.test(act)).map(childIn)
    const decided = faulted.record.rounds.filter((line) => /^private-admission \S+ (not-)?admitted/.test(line)).map(childIn)
    expect(chosen).toHaveLength(applicants.length)
    expect(decided).toEqual(expect.arrayContaining(chosen))
  })

  it('refuses who is late with the instant of closing', () => {
    const { late, closesAt } = faulted.seen.choice
    expect(late).toMatchObject({ type: 'window-closed', closesAt: iso(closesAt) })
  })
})

describe('an extension', () => {
  it('asked a millisecond after the end is refused, and the end stands everywhere', () => {
    for (const { closesAt, extension, ends } of both().map(({ seen }) => seen.choice)) {
      expect(extension).toMatchObject({ type: 'extension-refused', detail: expect.stringContaining('has ended') })
      expect(ends).toEqual(everywhere(closesAt))
    }
  })

  it('asked before the end moves it everywhere, and who comes in the extra time is in', () => {
    for (const { seen, record } of both()) {
      const { to, answer, ends, heard, child, came } = seen.checkIn
      expect(answer).toEqual({ phase: 'public-check-in', closesAt: iso(to) })
      expect(ends).toEqual(everywhere(to))
      expect(heard).toBeGreaterThanOrEqual(to)
      expect(came).toMatchObject({ child, basis: 'zoning' })
      expect(record.ends.find((line) => line.startsWith(`${child} {`))).toContain('"round": "zoning"')
    }
  })

  it('asked a millisecond before the end has one answer everywhere, whichever it is', () => {
    for (const { was, to, answer, ends } of both().map(({ seen }) => seen.lastMoment)) {
      expect(ends).toEqual(everywhere(answer instanceof Problem ? was : to))
    }
  })
})
