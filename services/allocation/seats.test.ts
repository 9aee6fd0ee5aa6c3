import { beforeAll, describe, expect, it } from 'vitest'
import { at, childNo, factsAbout, openSeason, privateSchool, publicSchool, startAllocation, type Running } from './allocation.fixture.js'

let running: Running
const schools = [publicSchool('north', 3), publicSchool('full', 1), publicSchool('last', 1), privateSchool('ivy', 3)]

beforeAll(async () => {
  running = await startAllocation()
})

const know = (season: string, ...ns: number[]) =>
  running.tell(ns.flatMap((n) => [factsAbout(season, n).roster(), factsAbout(season, n).registered(), factsAbout(season, n).reviewed('approved')]))
/** A published seat of a round, as its publication leaves it. */
const hold = (season: string, n: number, basis: string, school: string, ordinal: number) =>
  running.sql(`UPDATE seat SET child = $2, basis = $3, visible = true WHERE season = $1 AND school = $4 AND ordinal = $5`, [season, childNo(n), basis, school, ordinal])
const checkIn = (season: string, phase: string, n: number, school: string) =>
  running.school(school).checkIn({ params: { season, phase, child: childNo(n) }, body: { school } })
const arrange = (season: string, n: number, school: string, more: { phase?: string; idempotencyKey?: string } = {}) =>
  running.service.arrange({
    params: { season, child: childNo(n) }, body: { phase: more.phase ?? 'arrangement', school, officer: 'o1', reason: 'moved late' },
    ...(more.idempotencyKey !== undefined && { idempotencyKey: more.idempotencyKey }),
  })
const place = (season: string, n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
const kinds = async (calls: Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as { type: string }).type)).sort()

describe('the database', () => {
  const season = 'constraints'
  const seat = (text: string) => running.sql(`UPDATE seat SET ${text}`)
  beforeAll(() => openSeason(running, season, { schools, zones: [] }))

  it('knows no second taken seat of a child, and no second seat on the same basis', async () => {
    await seat(`child = 'x', basis = 'zoning', visible = true, taken = true WHERE season = 'constraints' AND school = 'north' AND ordinal = 1`)
    await expect(seat(`child = 'x', basis = 'other', visible = true, taken = true WHERE season = 'constraints' AND school = 'north' AND ordinal = 2`)).rejects.toThrow(/seat_taken_once/)
    await expect(seat(`child = 'x', basis = 'zoning' WHERE season = 'constraints' AND school = 'north' AND ordinal = 2`)).rejects.toThrow(/seat_once_a_basis/)
  })

  it('knows no seat beyond the plan of a school, no half-given and no secretly taken one', async () => {
    await expect(running.sql(`INSERT INTO seat (season, school, ordinal) VALUES ('constraints', 'north', 1)`)).rejects.toThrow(/seat_pkey/)
    await expect(running.sql(`INSERT INTO seat (season, school, ordinal) VALUES ('constraints', 'nowhere', 1)`)).rejects.toThrow(/seat_season_school_fkey/)
    await expect(seat(`child = 'y' WHERE season = 'constraints' AND school = 'north' AND ordinal = 3`)).rejects.toThrow(/seat_basis_known/)
    await expect(seat(`child = 'y', basis = 'zoning', taken = true WHERE season = 'constraints' AND school = 'north' AND ordinal = 3`)).rejects.toThrow(/seat_taken_is_visible/)
  })
})

describe('a check-in', () => {
  const season = 'check-in'
  beforeAll(async () => {
    await openSeason(running, season, { schools, zones: [] })
    await know(season, 1, 2, 3, 4, 5, 6, 7)
    running.clock.at = at('06-21 10:00')
  })

  it('takes the held seat and releases the others the policy names, in one step', async () => {
    await hold(season, 1, 'zoning', 'north', 1)
    await hold(season, 1, 'private-admission', 'ivy', 1)
    expect(await checkIn(season, 'private-check-in', 1, 'ivy')).toMatchObject({ basis: 'private-admission', receivedAt: '2022-06-21T02:00:00.000Z' })
    expect(await place(season, 1)).toMatchObject({ held: [], taken: { basis: 'private-admission', school: 'ivy' }, outcomes: { 'private-check-in': 'present' } })
    await expect(checkIn(season, 'public-check-in', 1, 'north')).rejects.toMatchObject({ type: 'already-seated' })
  })

  it('sent again is the same check-in', async () => {
    running.clock.at += 1_000
    expect(await checkIn(season, 'private-check-in', 1, 'ivy')).toMatchObject({ receivedAt: '2022-06-21T02:00:00.000Z' })
    expect((await place(season, 1)).revision).toBe(1)
  })

  it('at the public school gives the private place up: the first school to take the paper has the child', async () => {
    await hold(season, 2, 'zoning', 'north', 2)
    await hold(season, 2, 'private-admission', 'ivy', 2)
    const both = [checkIn(season, 'private-check-in', 2, 'ivy'), checkIn(season, 'public-check-in', 2, 'north')]
    expect(await kinds(both)).toEqual(['already-seated', 'ok'])
    const seats = await running.sql('SELECT school FROM seat WHERE season = $1 AND child = $2 AND taken', [season, childNo(2)])
    expect(seats).toHaveLength(1)
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child = $2', [season, childNo(2)])).toHaveLength(1)
  })

  it('needs a seat held there, and another school cannot record it', async () => {
    await hold(season, 3, 'zoning', 'north', 3)
    await expect(checkIn(season, 'public-check-in', 3, 'full')).rejects.toMatchObject({ type: 'no-seat-held' })
    await expect(checkIn(season, 'private-check-in', 3, 'north')).rejects.toMatchObject({ type: 'no-seat-held' })
    await expect(running.school('full').checkIn({ params: { season, phase: 'public-check-in', child: childNo(3) }, body: { school: 'north' } })).rejects.toMatchObject({ type: 'forbidden' })
  })

  it('does not see a seat that is not published', async () => {
    await running.sql(`UPDATE seat SET child = $2, basis = 'zoning' WHERE season = $1 AND school = 'full'`, [season, childNo(4)])
    await expect(checkIn(season, 'public-check-in', 4, 'full')).rejects.toMatchObject({ type: 'no-seat-held' })
    await running.sql(`UPDATE seat SET child = NULL, basis = NULL WHERE season = $1 AND school = 'full'`, [season])
  })

  it('says nothing of a seat that a round not yet published gave', async () => {
    await hold(season, 7, 'zoning', 'full', 1)
    await running.sql(`UPDATE seat SET child = $2, basis = 'vacancy-admission' WHERE season = $1 AND school = 'last'`, [season, childNo(7)])
    await checkIn(season, 'public-check-in', 7, 'full')
    expect(await place(season, 7)).toMatchObject({ held: [], taken: { school: 'full' } })
    await running.sql(`UPDATE seat SET child = NULL, basis = NULL WHERE season = $1 AND school = 'last'`, [season])
  })

  it('of a child that left is refused', async () => {
    await hold(season, 5, 'zoning', 'last', 1)
    await running.tell([factsAbout(season, 5).withdrawn()])
    await expect(checkIn(season, 'public-check-in', 5, 'last')).rejects.toMatchObject({ type: 'withdrawn' })
    await running.service.release({ params: { season, child: childNo(5) }, body: {} })
  })

  it('that comes late is refused with the instant of closing', async () => {
    running.clock.at = at('06-22 15:00')
    await expect(checkIn(season, 'public-check-in', 3, 'north')).rejects.toMatchObject({ type: 'window-closed', closesAt: '2022-06-22T07:00:00.000Z' })
  })

  it('that never comes costs the seat at the close, and leaves one taken elsewhere alone', async () => {
    await hold(season, 6, 'private-admission', 'ivy', 3)
    await running.service.closePhase({ params: { season, phase: 'public-check-in' } })
    expect(await place(season, 3)).toMatchObject({ held: [], outcomes: { 'public-check-in': 'missed' } })
    expect(await place(season, 6)).toMatchObject({ held: [] , revision: 0 })
    await running.service.closePhase({ params: { season, phase: 'private-check-in' } })
    expect(await place(season, 6)).toMatchObject({ held: [], outcomes: { 'private-check-in': 'missed' } })
    expect((await place(season, 1)).taken).toEqual({ basis: 'private-admission', school: 'ivy' })
    const told = await running.sql<{ key: string }>(`SELECT key FROM platform.outbox WHERE event->>'season' = $1 AND event->>'type' LIKE '%place-released%' ORDER BY position`, [season])
    expect(told.map(({ key }) => key)).toEqual([childNo(5), childNo(3), childNo(6)])
  })
})

describe('an arrangement', () => {
  const season = 'desk'
  beforeAll(async () => {
    await openSeason(running, season, { schools, zones: [] })
    await know(season, ...Array.from({ length: 30 }, (_, n) => n + 1))
  })

  it('takes a real vacancy, gives up what the child held, and answers the place', async () => {
    await hold(season, 1, 'zoning', 'north', 1)
    const { fact } = await arrange(season, 1, 'ivy', { idempotencyKey: 'k1' })
    expect(fact).toMatchObject({ aggregate: 'place', revision: 1, outcomes: { arrangement: 'placed' }, seats: { held: [], taken: { basis: 'arrangement', school: 'ivy' } } })
    expect(await arrange(season, 1, 'ivy', { idempotencyKey: 'k1' })).toEqual({ fact })
    expect(await arrange(season, 1, 'ivy', { idempotencyKey: 'another' })).toEqual({ fact })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child = $2', [season, childNo(1)])).toHaveLength(1)
  })

  it('is refused for a seated child, an unknown school, an unknown phase and a child that left', async () => {
    await expect(arrange(season, 1, 'north')).rejects.toMatchObject({ type: 'already-seated' })
    await expect(arrange(season, 2, 'nowhere')).rejects.toMatchObject({ type: 'unknown-school' })
    await expect(arrange(season, 2, 'north', { phase: 'zoning' })).rejects.toMatchObject({ type: 'unknown-phase' })
    await expect(arrange(season, 99, 'north')).rejects.toMatchObject({ type: 'unknown-child' })
    await running.tell([factsAbout(season, 30).withdrawn()])
    await expect(arrange(season, 30, 'north')).rejects.toMatchObject({ type: 'withdrawn' })
  })

  it('waits for the result of a round on whose frozen list the child stands', async () => {
    await running.sql(`INSERT INTO round (season, phase, state, units, children, list_hash) VALUES ($1, 'zoning', 'frozen', 1, 1, 'x')`, [season])
    await running.sql(`INSERT INTO round_unit (season, phase, unit, members, schools) VALUES ($1, 'zoning', 'u', $2, '{}')`, [season, [childNo(26)]])
    await know(season, 26)
    await expect(arrange(season, 26, 'north')).rejects.toMatchObject({ type: 'round-conflict' })
    await running.sql(`DELETE FROM round WHERE season = $1`, [season])
    await expect(arrange(season, 26, 'north')).resolves.toMatchObject({ fact: { seats: { taken: { school: 'north' } } } })
  })

  it('of twenty children at once into the last seat succeeds for one', async () => {
    const calls = Array.from({ length: 20 }, (_, n) => arrange(season, n + 2, 'last'))
    expect(await kinds(calls)).toEqual(['ok', ...Array.from({ length: 19 }, () => 'school-full')])
    expect(await running.sql('SELECT child FROM seat WHERE season = $1 AND school = $2', [season, 'last'])).toHaveLength(1)
  })

  it('of one child at once into four schools succeeds for one', async () => {
    const calls = ['north', 'full', 'ivy', 'north'].map((school) => arrange(season, 25, school))
    const outcomes = await kinds(calls)
    expect(outcomes.filter((kind) => kind !== 'ok' && kind !== 'already-seated')).toEqual([])
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child = $2', [season, childNo(25)])).toHaveLength(1)
  })
})

describe('an arrangement of a desk with ways', () => {
  const season = 'ways'
  const give = (n: number, school: string, way?: 'inclusive-class' | 'home-teaching') =>
    running.service.arrange({ params: { season, child: childNo(n) }, body: { phase: 'arrangement', school, ...(way && { way }), officer: 'o1', reason: 'as the papers say' } })
  beforeAll(async () => {
    await openSeason(running, season, { schools, zones: [] }, ({ phases }) => {
      Object.assign(phases.find(({ id }) => id === 'arrangement')!, { ways: ['home-teaching', 'deferral'] })
    })
    await know(season, 1, 2)
  })

  it('takes a seat on the roll of a school and says in which way', async () => {
    const { fact } = await give(1, 'ivy', 'home-teaching')
    expect(fact.seats).toEqual({ held: [], taken: { basis: 'arrangement', school: 'ivy', way: 'home-teaching' } })
    expect(await give(1, 'ivy', 'home-teaching')).toEqual({ fact })
    expect((await place(season, 1)).taken).toEqual({ basis: 'arrangement', school: 'ivy', way: 'home-teaching' })
  })

  it('is refused for a way that the desk does not have, and another way for a seated child', async () => {
    await expect(give(2, 'ivy', 'inclusive-class')).rejects.toMatchObject({ type: 'way-not-offered' })
    await expect(give(1, 'ivy')).rejects.toMatchObject({ type: 'already-seated' })
  })

  it('still gives a seat like any other, and leaves no way behind on a seat given back', async () => {
    expect((await give(2, 'ivy')).fact.seats?.taken).toEqual({ basis: 'arrangement', school: 'ivy' })
    await running.service.release({ params: { season, child: childNo(1) }, body: {} })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND way IS NOT NULL', [season])).toEqual([])
  })
})

describe('a release', () => {
  const season = 'release'
  it('frees every seat once and answers the place each time', async () => {
    await openSeason(running, season, { schools, zones: [] })
    await know(season, 1)
    await hold(season, 1, 'zoning', 'north', 1)
    await arrange(season, 1, 'ivy')
    const release = () => running.service.release({ params: { season, child: childNo(1) }, body: {} })
    const { fact } = await release()
    expect(fact).toMatchObject({ revision: 2, seats: { held: [] }, outcomes: { arrangement: 'placed' } })
    expect(await release()).toEqual({ fact })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child IS NOT NULL', [season])).toEqual([])
  })

  it('answers for a child of whom nothing has come here yet', async () => {
    expect(await running.service.release({ params: { season, child: childNo(9) }, body: {} })).toMatchObject({ fact: { revision: 1, seats: { held: [] } } })
  })
})
