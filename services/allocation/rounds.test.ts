import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../contracts/facts.js'
import type { Timeline } from '../../policies/timeline.js'
import { sha256Hex } from '../../platform/crypto.js'
import { windowDigest } from '../../platform/windows/index.js'
import { at, childNo, decideRound, factsAbout, guardianNo, idNo, openSeason, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { verifyDraw } from './domain/draw/verify/verify.js'
import { allocate } from './domain/rounds/engine/allocate.js'
import { listHash } from './domain/rounds/list.js'
import { ticketOf } from './domain/rounds/ticket.js'
import { frozenUnits } from './store/rounds.js'

const phase = 'zoning'
const schools = [publicSchool('east', 2), publicSchool('north', 2), publicSchool('south', 2)]
const zones = [zoneOf('only-north', 'north'), zoneOf('shared', 'north', 'south'), zoneOf('only-east', 'east')]
let running: Running

beforeAll(async () => {
  running = await startAllocation()
})

const open = (season: string, change?: (timeline: Timeline) => void) => openSeason(running, season, { schools, zones }, change)
/** A child whose review is over, living in a zone. */
const reviewed = (season: string, n: number, zone: string | null, more: Partial<ChildFact> = {}, outcome: 'approved' | 'refused' = 'approved') => {
  const about = factsAbout(season, n)
  return [about.roster(), about.registered({ zones: { 'household.address': zone }, ...more }), about.reviewed(outcome)]
}
const expected = async (season: string) => [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }]
const freeze = async (season: string, expects?: Awaited<ReturnType<typeof expected>>) =>
  running.service.freezeRound({ params: { season, phase }, body: { expects: expects ?? (await expected(season)) } })
const decide = (season: string) => decideRound(running, season, phase)
const drawn = (season: string) => running.as({ subject: 'operator', role: 'ops' }).inspectTranscript({ params: { season, phase } })
const publish = (season: string, limit = 1_000) => running.service.publishRound({ params: { season, phase }, body: { limit } })
const place = (season: string, n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
const units = (season: string) => running.sql<{ unit: string; members: string[]; schools: string[] }>('SELECT unit, members, schools FROM round_unit WHERE season = $1 ORDER BY unit', [season])

describe('a freeze', () => {
  it('answers not yet while a copy is behind its owner', async () => {
    const season = 'freeze-lag'
    await open(season)
    await running.tell(reviewed(season, 1, 'only-north'))
    await running.tell(reviewed(season, 2, 'only-north').slice(0, 2))
    const line = (n: number) => `${childNo(n)} 1\n`
    const both = [{ phase: 'review', count: 2, digest: sha256Hex(line(1) + line(2)) }]
    await expect(freeze(season, both)).rejects.toMatchObject({ type: 'not-yet', particulars: { waitsFor: 'review' } })
    expect(await units(season)).toEqual([])
    await running.tell(reviewed(season, 2, 'only-north').slice(2))
    expect(await freeze(season, both)).toMatchObject({ state: 'frozen', units: 2, children: 2 })
  })

  it('answers not yet before its instant', async () => {
    const season = 'freeze-early'
    await open(season, (timeline) => {
      const round = timeline.phases.find(({ id }) => id === phase)!
      round.opensAt = round.closesAt = Date.now() + 60_000
    })
    await expect(freeze(season, [])).rejects.toMatchObject({ type: 'not-yet', retryAfterMs: expect.any(Number) })
  })

  it('takes whom the policy admits, and neither refused nor departed children', async () => {
    const season = 'freeze-who'
    await open(season)
    await running.tell([
      ...reviewed(season, 1, 'only-north'), ...reviewed(season, 2, 'only-north', {}, 'refused'),
      ...reviewed(season, 3, 'only-north'), factsAbout(season, 3).withdrawn(), ...reviewed(season, 4, 'only-north').slice(0, 2),
    ])
    await freeze(season)
    expect((await units(season)).map(({ unit }) => unit)).toEqual([childNo(1)])
  })

  it('makes one of twins, and parts those of whom one is out, with the reason', async () => {
    const season = 'freeze-twins'
    await open(season)
    const together = { unit: { id: idNo('u', 1), members: [childNo(1), childNo(2)] } }
    const parted = { unit: { id: idNo('u', 3), members: [childNo(3), childNo(4)] } }
    await running.tell([
      ...reviewed(season, 1, 'shared', together), ...reviewed(season, 2, 'shared', together),
      ...reviewed(season, 3, 'only-north', parted), ...reviewed(season, 4, 'only-north', parted, 'refused'),
    ])
    expect(await freeze(season)).toMatchObject({ units: 2, children: 3 })
    expect(await units(season)).toEqual([
      { unit: childNo(3), members: [childNo(3)], schools: ['north'] },
      { unit: idNo('u', 1), members: [childNo(1), childNo(2)], schools: ['north', 'south'] },
    ])
    expect(await running.sql('SELECT unit, reason FROM round_dissolved WHERE season = $1', [season])).toEqual([{ unit: idNo('u', 3), reason: 'member-not-eligible' }])
  })

  it('again, and by two at once, is the same freeze', async () => {
    const season = 'freeze-again'
    await open(season)
    await running.tell(reviewed(season, 1, 'only-north'))
    const expects = await expected(season)
    const [first, second] = await Promise.all([freeze(season, expects), freeze(season, expects)])
    expect(second).toEqual(first)
    await running.tell(reviewed(season, 2, 'only-north'))
    expect(await freeze(season)).toEqual(first)
    expect(await running.sql(`SELECT 1 FROM platform.outbox WHERE event->>'type' LIKE '%round-frozen%' AND event->>'season' = $1`, [season])).toHaveLength(1)
  })

  it('is refused for a phase that is no round', async () => {
    await expect(running.service.freezeRound({ params: { season: 'freeze-again', phase: 'review' }, body: { expects: [] } })).rejects.toMatchObject({ type: 'unknown-phase' })
  })
})

describe('a decision', () => {
  const season = 'decision'
  const inPublicSchools = () => running.sql<{ school: string; child: string; visible: boolean }>('SELECT school, child, visible FROM seat WHERE season = $1 AND child IS NOT NULL ORDER BY school, ordinal', [season])

  beforeAll(async () => {
    await open(season)
    await running.tell([
      ...reviewed(season, 1, 'only-north'), ...reviewed(season, 2, 'shared'), ...reviewed(season, 3, 'shared'), ...reviewed(season, 4, 'shared'),
      ...reviewed(season, 5, 'shared'), ...reviewed(season, 6, null), ...reviewed(season, 7, 'only-east'),
    ])
  })

  it('is refused before the freeze', async () => {
    await expect(decide(season)).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(publish(season)).rejects.toMatchObject({ type: 'round-conflict' })
  })

  it('counts on the free seats of the freeze, which nobody else gets before it', async () => {
    await freeze(season)
    expect((await drawn(season)).groups).toMatchObject([{ round: { id: 'decision/zoning/nanguan', schools: [{ id: 'east', plan: 2 }, { id: 'north', plan: 2 }, { id: 'south', plan: 2 }] } }])
    expect(await running.sql('SELECT DISTINCT reserved_for FROM seat WHERE season = $1', [season])).toEqual([{ reserved_for: phase }])
    await expect(running.sql(`UPDATE seat SET child = 'x', basis = 'arrangement' WHERE season = $1`, [season])).rejects.toThrow(/seat_reserved_is_free/)
    await running.tell([factsAbout(season, 50).roster()])
    const arranged = running.service.arrange({ params: { season, child: childNo(50) }, body: { phase: 'arrangement', school: 'north', officer: 'o', reason: 'r' } })
    await expect(arranged).rejects.toMatchObject({ type: 'school-full' })
  })

  it('made by two at once happens once, and gives no school more than it has', async () => {
    const [first, second] = await Promise.all([decide(season), decide(season)])
    expect(first).toEqual(second)
    const seats = await inPublicSchools()
    expect(seats.filter(({ school }) => school === 'north')).toHaveLength(2)
    expect(seats.filter(({ school }) => school === 'south')).toHaveLength(2)
    expect(seats.some(({ visible }) => visible)).toBe(false)
    expect(await decide(season)).toEqual(first)
    expect(await inPublicSchools()).toEqual(seats)
  })

  it('settles the zone with one school first and fills the shared one by the draw', async () => {
    const results = await running.sql<{ child: string; school: string | null; reason: string | null }>('SELECT child, school, reason FROM round_result WHERE season = $1', [season])
    const of = new Map(results.map((row) => [row.child, row]))
    expect(of.get(childNo(1))).toMatchObject({ school: 'north' })
    expect(of.get(childNo(7))).toMatchObject({ school: 'east' })
    expect(of.get(childNo(6))).toMatchObject({ school: null, reason: 'no-school' })
    expect([2, 3, 4, 5].filter((n) => of.get(childNo(n))!.school === null)).toHaveLength(1)
  })

  it('can be computed again from its record by anyone', async () => {
    const list = await frozenUnits(running.database, season, phase)
    const [round] = await running.sql<{ list_hash: string }>('SELECT list_hash FROM round WHERE season = $1', [season])
    expect(listHash(list)).toBe(round!.list_hash)
    const transcript = await drawn(season)
    expect(verifyDraw(transcript).findings).toEqual([])
    const [group] = transcript.groups
    const { seed } = transcript.draw!.groups[0]!
    expect(allocate({ ...group!.round, seed })).toEqual(group!.result)
    const stored = await running.sql<{ child: string; school: string | null; reason: string; ticket: string }>('SELECT child, school, reason, ticket FROM round_result WHERE season = $1 ORDER BY child', [season])
    expect(stored).toEqual(group!.result!.assignments.map(({ applicant, school, reason }) => ({ child: applicant, school, reason, ticket: ticketOf(seed, applicant) })))
  })

  it('leaves free seats to others again', async () => {
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND reserved_for IS NOT NULL', [season])).toEqual([])
  })

  it('is kept for ever as it was, by the database’s own rule', async () => {
    for (const change of [`UPDATE round_step SET asked_by = 'me'`, 'DELETE FROM round_step', 'TRUNCATE round_step', 'DELETE FROM round_reveal']) {
      await expect(running.sql(change)).rejects.toThrow(/steps of draws are kept as they were/)
    }
  })

  it('is seen nowhere before it is published', async () => {
    expect(await place(season, 1)).toMatchObject({ revision: 0, held: [], outcomes: {} })
    expect((await running.school('north').listPlaces({ params: { season, school: 'north' } })).children).toEqual([])
    expect((await running.city.listSchools({ params: { season } })).schools.map(({ free }) => free)).toEqual([2, 2, 2])
    const record = await running.service.getRound({ params: { season, phase } })
    expect(record).toMatchObject({ state: 'decided', units: 7 })
    for (const secret of ['admitted', 'notAdmitted']) expect(record).not.toHaveProperty(secret)
    await expect(running.as({ subject: 'x', role: 'guardian' }).getTranscript({ params: { season, phase } })).rejects.toMatchObject({ type: 'embargoed' })
    const events = await running.sql<{ event: object }>(`SELECT event->'data' AS event FROM platform.outbox WHERE event->>'type' LIKE '%round-decided%' AND event->>'season' = $1`, [season])
    expect(events).toEqual([{ event: { season, phase, listHash: record.listHash, run: 1, hash: (await drawn(season)).draw!.hash } }])
    await expect(running.service.closePhase({ params: { season, phase } })).rejects.toMatchObject({ type: 'not-yet' })
  })

  it('is published batch by batch, and goes on where a process died', async () => {
    expect(await publish(season, 2)).toEqual({ published: 2, left: 5 })
    expect((await place(season, 1)).outcomes).toEqual({ zoning: 'admitted' })
    expect((await place(season, 7)).outcomes).toEqual({})
    const second = await startAllocation({ sharing: running })
    expect(await second.service.publishRound({ params: { season, phase }, body: { limit: 3 } })).toEqual({ published: 3, left: 2 })
    expect(await publish(season)).toEqual({ published: 2, left: 0 })
    expect(await publish(season)).toEqual({ published: 0, left: 0 })
    const sent = await running.sql<{ key: string; revision: string }>(
      `SELECT key, event->'data'->>'revision' AS revision FROM platform.outbox WHERE event->>'type' LIKE '%place-decided%' AND event->>'season' = $1 ORDER BY key`, [season])
    expect(sent).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => ({ key: childNo(n), revision: '1' })))
  })

  it('once published shows seats, counts and its transcript, and the round is over for the children', async () => {
    expect(await place(season, 1)).toEqual({ child: childNo(1), revision: 1, held: [{ basis: 'zoning', school: 'north' }], outcomes: { zoning: 'admitted' } })
    expect((await running.school('north').listPlaces({ params: { season, school: 'north' } })).children).toHaveLength(2)
    expect(await running.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'published', admitted: 5, notAdmitted: 2, step: 'publish' })
    expect(verifyDraw(await running.guardian(1).getTranscript({ params: { season, phase } }))).toMatchObject({ agreed: true, groups: [{ agreed: true, held: false }] })
    expect(await running.service.getOutcome({ params: { season, phase, child: childNo(6) } })).toMatchObject({ state: 'closed' })
    expect(await running.service.closePhase({ params: { season, phase } })).toMatchObject({ count: 5 })
  })
})

describe('a round that the policy puts in an order', () => {
  it('is frozen with what the order asks, and decided by it whatever the tickets say', async () => {
    const season = 'ordered'
    await open(season, (timeline) => {
      for (const one of timeline.phases) if (one.id === phase && one.kind === 'round') one.order = [{ fact: 'points', first: 'highest' }]
    })
    const points = [11, 13, 12, 14]
    await running.tell(points.flatMap((of, n) => reviewed(season, n + 1, 'only-north', { facts: of === 14 ? {} : { points: of } })))
    const { listHash: hash } = await freeze(season)
    const list = await frozenUnits(running.database, season, phase)
    expect(list.map(({ keys }) => Object.values(keys!)[0])).toEqual([
      { 'points.unknown': 0, 'points.hundredths': 1_100 }, { 'points.unknown': 0, 'points.hundredths': 1_300 }, { 'points.unknown': 0, 'points.hundredths': 1_200 }, { 'points.unknown': 1, 'points.hundredths': 0 },
    ])
    expect(listHash(list)).toBe(hash)
    await decide(season)
    const admitted = await running.sql('SELECT child FROM round_result WHERE season = $1 AND school = $2 ORDER BY child', [season, 'north'])
    expect(admitted).toEqual([{ child: childNo(2) }, { child: childNo(3) }])
  })
})

describe('an embargo', () => {
  const season = 'embargo'
  it('holds until the results are due', async () => {
    const { timeline } = await open(season, (changed) => {
      for (const one of changed.phases) if (one.id === phase && one.kind === 'round') one.publishAt = Date.now() + 60_000
    })
    expect(timeline.phases.find(({ id }) => id === phase)!.publishAt).toBeGreaterThan(Date.now())
    await running.tell(reviewed(season, 1, 'only-north'))
    await freeze(season)
    await decide(season)
    await expect(publish(season)).rejects.toMatchObject({ type: 'embargoed', retryAfterMs: expect.any(Number) })
    expect(await place(season, 1)).toMatchObject({ revision: 0, outcomes: {} })
  })

  it('of a result phase is its window', async () => {
    const asked = { params: { season, phase: 'private-result', child: childNo(1) } }
    running.clock.at = at('06-20 15:00') - 1
    await expect(running.guardian(1).getResult(asked)).rejects.toMatchObject({ type: 'embargoed' })
    running.clock.at = at('06-20 15:00')
    await expect(running.guardian(1).getResult(asked)).rejects.toMatchObject({ type: 'not-found' })
    running.clock.at = at('06-21 17:00')
    await expect(running.guardian(1).getResult(asked)).rejects.toMatchObject({ type: 'window-closed', closesAt: '2022-06-21T09:00:00.000Z' })
    await expect(running.as({ subject: guardianNo(2), role: 'guardian' }).getResult(asked)).rejects.toMatchObject({ type: 'forbidden' })
  })
})

describe('a result phase that shows a review', () => {
  const season = 'shown-review'
  it('tells what it decided from its opening on, of whom it decided', async () => {
    await open(season, (changed) => {
      const result = changed.phases.find(({ id }) => id === 'private-result')!
      const review = changed.phases.find(({ id }) => id === 'review')!
      if (result.kind === 'result') result.of = [...result.of, review.id]
      review.publishAt = result.opensAt
    })
    await running.tell([...reviewed(season, 1, 'only-north', {}, 'refused'), ...reviewed(season, 2, 'only-north').slice(0, 2)])
    const result = (n: number) => running.guardian(n).getResult({ params: { season, phase: 'private-result', child: childNo(n) } })
    running.clock.at = at('06-20 15:00') - 1
    await expect(result(1)).rejects.toMatchObject({ type: 'embargoed' })
    running.clock.at = at('06-20 15:00')
    expect(await result(1)).toEqual({ child: childNo(1), results: [], reviews: [{ review: 'review', outcome: 'refused' }] })
    await expect(result(2)).rejects.toMatchObject({ type: 'not-found' })
  })
})

describe('a child that leaves between decision and publication', () => {
  it('gets no seat, and the seat is free', async () => {
    const season = 'left'
    await open(season)
    await running.tell(reviewed(season, 1, 'only-north'))
    await freeze(season)
    await running.tell([factsAbout(season, 1).withdrawn()])
    await running.service.release({ params: { season, child: childNo(1) }, body: {} })
    await decide(season)
    await publish(season)
    expect(await place(season, 1)).toMatchObject({ held: [], outcomes: { zoning: 'admitted' } })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child IS NOT NULL', [season])).toEqual([])
  })
})
