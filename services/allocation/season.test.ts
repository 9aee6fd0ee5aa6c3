import { beforeAll, describe, expect, it } from 'vitest'
import { decodeEventData } from '../../contracts/events/schemas.js'
import type { ChildFact } from '../../contracts/facts.js'
import { windowDigest } from '../../platform/windows/index.js'
import { at, childNo, decideRound, factsAbout, idNo, openSeason, privateSchool, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'

const season = 'changchun-2022'
const [MOVER, GRADUATE, TWIN, SISTER, WINNER, LOSER, EXCHANGER, NO_SHOW, REFUSED, LATE] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
const TWINS = { id: idNo('u', 1), members: [childNo(TWIN), childNo(SISTER)] }
let running: Running

const approvedIn = (n: number, zone: string, more: Partial<ChildFact> = {}) => {
  const about = factsAbout(season, n)
  return [about.roster(), about.registered({ zones: { 'household.address': zone }, ...more }), about.reviewed('approved')]
}

beforeAll(async () => {
  running = await startAllocation()
  await openSeason(running, season, {
    schools: [publicSchool('north', 7), publicSchool('south', 3), privateSchool('ivy', 3), privateSchool('oak', 2)],
    zones: [zoneOf('zn', 'north'), zoneOf('zs', 'south', 'north')],
  })
  const graduate = factsAbout(season, GRADUATE)
  const refused = factsAbout(season, REFUSED)
  await running.tell([
    ...[MOVER, WINNER, LOSER, EXCHANGER, NO_SHOW].flatMap((n) => approvedIn(n, 'zn')),
    ...[TWIN, SISTER].flatMap((n) => approvedIn(n, 'zs', { unit: TWINS })),
    graduate.roster({ stage: 'junior', 'primary.school': 'private-nine-year', 'own.school': 'oak' }), ...approvedIn(GRADUATE, 'zs').slice(1),
    refused.roster(), refused.registered({ zones: { 'household.address': 'zn' } }), refused.reviewed('refused'),
    factsAbout(season, LATE).roster(),
  ])
})

const closing = async (phase: string, kind: string) => ({ phase, ...(await windowDigest(running.database, season, phase, kind)) })
const round = async (phase: string, ...expects: Awaited<ReturnType<typeof closing>>[]) => {
  await running.service.freezeRound({ params: { season, phase }, body: { expects } })
  await decideRound(running, season, phase)
  await running.service.publishRound({ params: { season, phase }, body: { limit: 100 } })
  return running.service.getRound({ params: { season, phase } })
}
const choose = (phase: string, n: number, school: string) => running.guardian(n).choose({ params: { season, phase, child: childNo(n) }, body: { schools: [school] } })
const checkIn = (phase: string, n: number, school: string) => running.school(school).checkIn({ params: { season, phase, child: childNo(n) }, body: { school } })
const close = (phase: string) => running.service.closePhase({ params: { season, phase } })
const place = (n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
const result = (phase: string, n: number) => running.guardian(n).getResult({ params: { season, phase, child: childNo(n) } })
const reasons = (phase: string) =>
  running.sql('SELECT school, reason, count(*)::int AS children FROM round_result WHERE season = $1 AND phase = $2 GROUP BY school, reason', [season, phase])
const free = async (school: string) => (await running.city.listSchools({ params: { season } })).schools.find(({ id }) => id === school)!.free

describe('Changchun’s season', () => {
  it('gives every approved child a seat in its zone, twins in one school', async () => {
    const record = await round('zoning', await closing('review', 'review'))
    expect(record).toMatchObject({ state: 'published', children: 8, units: 7, admitted: 8, notAdmitted: 0 })
    const [one, other] = await Promise.all([place(TWIN), place(SISTER)])
    expect(one.held).toEqual(other.held)
    expect((await place(REFUSED)).held).toEqual([])
  })

  it('takes a private school’s own graduates straight into their school, for which the public seat is given up', async () => {
    await running.tell([factsAbout(season, GRADUATE).of('case', 'own-school-review', { outcomes: { 'own-school-review': 'approved' } })])
    const own = { params: { season, phase: 'own-school-admission' } }
    await running.service.freezeRound({ ...own, body: { expects: [await closing('own-school-review', 'review')] } })
    await decideRound(running, season, 'own-school-admission')
    expect((await place(GRADUATE)).held.map(({ basis }) => basis)).toEqual(['zoning'])
    const inPublicSchools = () => running.sql('SELECT 1 FROM seat WHERE season = $1 AND basis = $2', [season, 'zoning'])
    expect(await inPublicSchools()).toHaveLength(8)
    await running.service.publishRound({ ...own, body: { limit: 100 } })
    expect(await inPublicSchools()).toHaveLength(7)
    expect((await place(GRADUATE)).held).toEqual([{ basis: 'own-school-admission', school: 'oak' }])
    expect(await reasons('own-school-admission')).toEqual([{ school: 'oak', reason: 'everyone-fits', children: 1 }])
    running.clock.at = at('06-13 09:00')
    await expect(choose('private-choice', GRADUATE, 'ivy')).rejects.toMatchObject({ type: 'not-eligible', particulars: { barredBy: { phase: 'own-school-admission' } } })
  })

  it('draws where more want a private school than fit, and keeps the public seat', async () => {
    running.clock.at = at('06-13 10:00')
    for (const n of [TWIN, WINNER, EXCHANGER, NO_SHOW, LOSER]) await choose('private-choice', n, n === LOSER ? 'oak' : 'ivy')
    await expect(running.service.freezeRound({ params: { season, phase: 'private-admission' }, body: { expects: [] } })).rejects.toMatchObject({ type: 'not-yet', particulars: { waitsFor: 'private-choice' } })
    expect(await close('private-choice')).toMatchObject({ count: 6 })
    const record = await round('private-admission')
    expect(record).toMatchObject({ units: 5, children: 6, admitted: 4, notAdmitted: 2 })
    const told = await reasons('private-admission')
    expect(told).toContainEqual({ school: 'oak', reason: 'everyone-fits', children: 1 })
    expect(told).toContainEqual({ school: 'ivy', reason: 'better-claim', children: 3 })
    const outcomes = await Promise.all([TWIN, SISTER].map(async (n) => (await place(n)).outcomes['private-admission']))
    expect(new Set(outcomes).size).toBe(1)
    running.clock.at = at('06-20 15:00')
    expect(await result('private-result', LOSER)).toEqual({ child: childNo(LOSER), results: [{ round: 'private-admission', outcome: 'admitted', school: 'oak' }], reviews: [] })
    expect((await place(LOSER)).held.map(({ basis }) => basis)).toEqual(['private-admission', 'zoning'])
  })

  it('at the check-in lets the child have one of its seats, and frees those of who does not come', async () => {
    running.clock.at = at('06-21 10:00')
    await checkIn('private-check-in', LOSER, 'oak')
    await checkIn('private-check-in', GRADUATE, 'oak')
    await checkIn('public-check-in', MOVER, 'north')
    await checkIn('public-check-in', EXCHANGER, 'north')
    await close('private-check-in')
    await close('public-check-in')
    expect(await place(LOSER)).toMatchObject({ held: [], taken: { basis: 'private-admission', school: 'oak' } })
    expect(await place(EXCHANGER)).toMatchObject({ held: [], taken: { basis: 'zoning', school: 'north' } })
    expect(await place(NO_SHOW)).toMatchObject({ held: [], outcomes: { 'public-check-in': 'missed' } })
    expect(await free('ivy')).toBe(3)
  })

  it('publishes the vacancies once, to everyone', async () => {
    const told = await running.service.publishVacancies({ params: { season, phase: 'vacancies' }, body: {} })
    expect(told).toEqual({ schools: 4, seats: 15 - 4 })
    const { schools } = await running.guardian(MOVER).listSchools({ params: { season } })
    expect(schools.map(({ id, free: left }) => [id, left])).toEqual([['ivy', 3], ['north', 5], ['oak', 0], ['south', 3]])
    expect(await running.service.publishVacancies({ params: { season, phase: 'vacancies' }, body: {} })).toEqual(told)
    expect(await running.sql(`SELECT 1 FROM platform.outbox WHERE event->>'type' LIKE '%vacancies-published%'`)).toHaveLength(1)
  })

  it('lets a seated child move into a vacancy, whose old seat the desk gives to another', async () => {
    running.clock.at = at('07-01 09:00')
    await choose('vacancy-choice', MOVER, 'ivy')
    await choose('vacancy-choice', REFUSED, 'south')
    await close('vacancy-choice')
    expect(await round('vacancy-admission')).toMatchObject({ admitted: 2 })
    expect(await place(MOVER)).toMatchObject({ taken: { basis: 'zoning', school: 'north' }, held: [{ basis: 'vacancy-admission', school: 'ivy' }] })
    running.clock.at = at('07-09 09:00')
    await checkIn('vacancy-check-in', MOVER, 'ivy')
    expect(await place(MOVER)).toMatchObject({ taken: { basis: 'vacancy-admission', school: 'ivy' }, held: [] })
    await close('vacancy-check-in')
    expect(await place(REFUSED)).toMatchObject({ held: [], outcomes: { 'vacancy-check-in': 'missed' } })
    const before = (await free('north'))!
    const { fact } = await running.service.arrange({ params: { season, child: childNo(LATE) }, body: { phase: 'arrangement', school: 'north', officer: 'o1', reason: 'special circumstances' } })
    expect(fact.outcomes).toEqual({ arrangement: 'placed' })
    expect(await free('north')).toBe(before - 1)
  })

  it('has told every fact it stored, in the order of the revisions', async () => {
    const stored = await running.sql<{ child: string; revision: number }>(`SELECT child, revision FROM platform.child_fact WHERE season = $1 AND aggregate = 'place' ORDER BY child`, [season])
    const told = await running.sql<{ child: string; revisions: number[] }>(
      `SELECT key AS child, array_agg((event->'data'->>'revision')::int ORDER BY position) AS revisions FROM platform.outbox
       WHERE event->'data'->>'aggregate' = 'place' GROUP BY key ORDER BY key`)
    expect(told.map(({ child, revisions }) => ({ child, revision: revisions.at(-1) }))).toEqual(stored)
    for (const { revisions } of told) expect(revisions).toEqual(revisions.map((_, n) => n + 1))
  })

  it('has sent nothing that the contract does not say', async () => {
    const events = await running.sql<{ type: string; data: unknown }>(`SELECT event->>'type' AS type, event->'data' AS data FROM platform.outbox`)
    for (const { type, data } of events) expect(() => decodeEventData(type, data)).not.toThrow()
    expect([...new Set(events.map(({ type }) => type.split('.')[3]))].sort()).toEqual([
      'catalogue-set', 'checked-in', 'child-arranged', 'choice-made', 'phase-closed', 'place-decided', 'place-released',
      'round-checked', 'round-committed', 'round-decided', 'round-frozen', 'round-published', 'round-revealed', 'school-offered', 'vacancies-published', 'zone-drawn',
    ])
  })
})
