import { beforeAll, describe, expect, it } from 'vitest'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, privateSchool, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { audited } from './audited.fixture.js'
import { verifyDraw } from './domain/draw/verify/verify.js'

const phase = 'zoning'
const officers = ['officer-1', 'officer-2']
const reason = 'a class was left out of the plan'
/** Four children of one zone, and three seats: the plan should have had four. */
const schools = (north: number) => [publicSchool('north', north), publicSchool('south', 1), privateSchool('oak', 1)]
const zones = [zoneOf('z', 'north', 'south')]
let running: Running

beforeAll(async () => {
  running = await startAllocation()
})

/** A season whose round may be frozen, and whose results may be public at once or only in a while. */
async function ready(season: string, change: (timeline: Timeline) => void = () => undefined, north = 2) {
  const { timeline } = await openSeason(running, season, { schools: schools(north), zones }, change)
  await running.tell([1, 2, 3, 4].flatMap((n) => {
    const about = factsAbout(season, n)
    return [
      about.roster({ stage: 'junior', 'primary.school': 'private-nine-year', 'own.school': 'oak' }), about.registered({ zones: { 'household.address': 'z' } }), about.reviewed('approved'),
      ...(n === 1 ? [about.of('case', 'own-school-review', { outcomes: { 'own-school-review': 'approved' } })] : []),
    ]
  }))
  return timeline
}
const later = (timeline: Timeline) => { phaseById(timeline, phase).publishAt = Date.now() + 3_600_000 }
/** The embargo is over. */
const publicNow = (season: string) => running.sql(
  `UPDATE platform.season SET timeline = jsonb_set(timeline, ARRAY['phases', position::text, 'publishAt'], '0')
   FROM (SELECT n - 1 AS position FROM platform.season, jsonb_array_elements(timeline->'phases') WITH ORDINALITY AS p (phase, n) WHERE id = $1 AND phase->>'id' = $2) AS found WHERE id = $1`, [season, phase])
const closing = async (season: string, id: string) => ({ phase: id, ...(await windowDigest(running.database, season, id, 'review')) })
const freeze = async (season: string, run = 1, round = phase, reads = 'review') =>
  running.service.freezeRound({ params: { season, phase: round }, body: { expects: [await closing(season, reads)], run, ...(run > 1 && { officer: 'officer-3' }) } })
const steps = (season: string, run: number) => ({
  commit: () => running.service.commitRound({ params: { season, phase }, body: { run } }),
  reveal: () => running.service.revealRound({ params: { season, phase }, body: { run } }),
  draw: () => running.service.drawRound({ params: { season, phase }, body: { run } }),
  check: () => running.service.checkRound({ params: { season, phase }, body: { run } }),
  publish: () => running.service.publishRound({ params: { season, phase }, body: { run, limit: 100 } }),
})
const declare = (season: string, run = 1, round = phase) => running.service.voidRound({ params: { season, phase: round }, body: { run, officers, reason } })
const plan = (season: string, north: number) => running.city.putCatalogue({ params: { season }, body: { districts: [{ id: 'nanguan', name: 'Nanguan' }], schools: schools(north), zones } })
const draft = (season: string, run?: number) => running.as({ subject: 'operator', role: 'ops' }).inspectTranscript({ params: { season, phase }, query: { run } })
const place = (season: string, n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
const given = (season: string) => running.sql('SELECT child, school FROM seat WHERE season = $1 AND child IS NOT NULL ORDER BY child', [season])

describe('a run that is void', () => {
  const season = 'wrong-plan'
  let timeline: Timeline

  beforeAll(async () => {
    timeline = await ready(season, later)
    await freeze(season)
    await decideRound(running, season, phase)
  })

  it('is declared once, gives back what it gave and goes no further', async () => {
    expect(await given(season)).toHaveLength(3)
    const [once, again] = await Promise.all([declare(season), declare(season)])
    expect(once).toMatchObject({ state: 'void', run: 1, step: 'check' })
    expect(again).toEqual(once)
    expect(await given(season)).toEqual([])
    expect(await running.sql('SELECT 1 FROM round_result WHERE season = $1', [season])).toEqual([])
    await expect(steps(season, 1).publish()).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await running.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'void', voids: [{ run: 1, officers, reason }] })
    expect(await audited(running, season, timeline)).toEqual([])
  })

  it('is told in public, and what it had drawn when its results would have been public', async () => {
    const [event] = await running.sql<{ data: object }>(`SELECT event->'data' AS data FROM platform.outbox WHERE event->>'type' LIKE '%round-voided%' AND event->>'season' = $1`, [season])
    expect(event!.data).toEqual({ season, phase, run: 1, hash: (await draft(season)).check!.hash, reason })
    expect(await running.guardian(1).getAnnouncement({ params: { season, phase } })).toMatchObject({ void: { reason } })
    await expect(running.guardian(1).getTranscript({ params: { season, phase } })).rejects.toMatchObject({ type: 'embargoed' })
  })

  it('keeps its seats from everybody else, and its children from the desks, while plans change', async () => {
    const desk = { phase: 'arrangement', school: 'south', officer: 'o1', reason: 'ill' }
    await running.tell([factsAbout(season, 9).roster()])
    await expect(running.service.arrange({ params: { season, child: childNo(9) }, body: desk })).rejects.toMatchObject({ type: 'school-full' })
    await expect(running.service.arrange({ params: { season, child: childNo(1) }, body: desk })).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await plan(season, 3)).toMatchObject({ seats: 5 })
    await expect(running.city.putCatalogue({ params: { season }, body: { districts: [{ id: 'nanguan', name: 'Nanguan' }], schools: schools(3), zones: [zoneOf('z', 'north')] } })).rejects.toMatchObject({ type: 'round-conflict' })
  })

  it('is followed by one on the same list with the seats of now, as an officer asks', async () => {
    const [before, told] = await Promise.all([draft(season), freeze(season, 2)])
    expect(told).toMatchObject({ state: 'frozen', run: 2, step: 'freeze' })
    expect(await freeze(season, 2)).toEqual(told)
    const after = await draft(season)
    expect(after.freeze).toMatchObject({ run: 2, previous: before.check!.hash })
    const [group] = after.groups
    expect(group!.round).toEqual({ ...before.groups[0]!.round, schools: [{ id: 'north', plan: 3 }, { id: 'south', plan: 1 }] })
    expect(group!.entries.map(({ leaf }) => leaf)).toEqual(before.groups[0]!.entries.map(({ leaf }) => leaf))
    expect(await running.sql(`SELECT asked_by FROM round_step WHERE season = $1 AND run = 2`, [season])).toEqual([{ asked_by: 'officer-3' }])
    await expect(plan(season, 2)).rejects.toMatchObject({ type: 'round-conflict' })
  })

  it('leaves nothing in the result of the next, which both verifiers confirm', async () => {
    for (const step of ['commit', 'reveal', 'draw', 'check'] as const) await steps(season, 2)[step]()
    await publicNow(season)
    for (const step of ['draw', 'check'] as const) expect(await steps(season, 1)[step]()).toMatchObject({ run: 2 })
    await expect(steps(season, 1).publish()).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await steps(season, 2).publish()).toEqual({ published: 4, left: 0 })
    expect(await given(season)).toHaveLength(4)
    expect((await place(season, 1)).held).toMatchObject([{ basis: phase }])
    const transcript = await running.guardian(1).getTranscript({ params: { season, phase } })
    expect(verifyDraw(transcript)).toMatchObject({ agreed: true, findings: [] })
    expect(transcript.check!.by.map(({ name }) => name)).toEqual(['ruxue', 'verify_draw.py'])
    const former = await running.guardian(1).getTranscript({ params: { season, phase }, query: { run: 1 } })
    expect(verifyDraw(former)).toMatchObject({ agreed: true, findings: [] })
    expect(former.publish).toBeUndefined()
    expect(former.draw!.groups[0]!.seed).not.toBe(transcript.draw!.groups[0]!.seed)
    expect(await audited(running, season, timeline)).toEqual([])
  })

  it('stays as it was, by the database’s own rules', async () => {
    const insert = (step: string, run: number) => running.sql(`INSERT INTO round_step (season, phase, run, step, hash, body, asked_by) VALUES ($1, $2, $3, $4, 'h', '{}', 'me')`, [season, phase, run, step])
    await expect(insert('publish', 1)).rejects.toThrow(/void has no further steps/)
    await expect(insert('draw', 3)).rejects.toThrow(/another run has drawn/)
    await expect(running.sql('DELETE FROM round_void WHERE season = $1', [season])).rejects.toThrow(/kept as they were/)
    await expect(running.sql(`INSERT INTO round_void (season, phase, run, officers, reason) VALUES ($1, $2, 2, '{me}', 'r')`, [season, phase])).rejects.toThrow(/four_eyes/)
  })
})

describe('a run can be void', () => {
  it('before its draw: its randomness is never used', async () => {
    const season = 'before-the-draw'
    await ready(season)
    await freeze(season)
    await steps(season, 1).commit()
    expect(await declare(season)).toMatchObject({ state: 'void', step: 'commit' })
    await expect(steps(season, 1).reveal()).rejects.toMatchObject({ type: 'round-conflict' })
    await freeze(season, 2)
    expect(await steps(season, 2).commit()).toMatchObject({ run: 2, step: 'commit' })
    expect((await draft(season)).commit!.sources).not.toEqual((await draft(season, 1)).commit!.sources)
  })

  it('with smaller plans for the next', async () => {
    const season = 'too-many'
    await ready(season)
    await freeze(season)
    await decideRound(running, season, phase)
    await declare(season)
    await plan(season, 1)
    await freeze(season, 2)
    for (const step of ['commit', 'reveal', 'draw', 'check', 'publish'] as const) await steps(season, 2)[step]()
    expect(await running.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'published', admitted: 2, notAdmitted: 2 })
  })

  it('and the child keeps what its admission would have cost it', async () => {
    const season = 'given-up'
    await ready(season, undefined, 3)
    await freeze(season)
    await decideRound(running, season, phase)
    await steps(season, 1).publish()
    const before = (await place(season, 1)).held
    const own = 'own-school-admission'
    await freeze(season, 1, own, 'own-school-review')
    await decideRound(running, season, own)
    expect(await running.sql('SELECT child FROM seat WHERE season = $1 AND leaves_with = $2', [season, own])).toEqual([{ child: childNo(1) }])
    await declare(season, 1, own)
    expect(await running.sql('SELECT child FROM seat WHERE season = $1 AND leaves_with IS NOT NULL', [season])).toEqual([])
    expect((await place(season, 1)).held).toEqual(before)
  })

  it('not once a result is public, a later round counts on it, it is another run, or one officer says so', async () => {
    const season = 'too-late'
    await ready(season, later)
    await expect(declare(season)).rejects.toMatchObject({ type: 'round-conflict' })
    await freeze(season)
    await expect(declare(season, 2)).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(running.service.voidRound({ params: { season, phase }, body: { run: 1, officers: ['officer-1'], reason } })).rejects.toMatchObject({ type: 'invalid-input' })
    await expect(running.service.voidRound({ params: { season, phase }, body: { run: 1, officers: ['officer-1', 'officer-1'], reason } })).rejects.toMatchObject({ type: 'invalid-input' })
    await decideRound(running, season, phase)
    await freeze(season, 1, 'own-school-admission', 'own-school-review')
    await expect(declare(season)).rejects.toMatchObject({ type: 'round-conflict', detail: expect.stringContaining('own-school-admission') })
    await publicNow(season)
    await running.service.publishRound({ params: { season, phase }, body: { limit: 1 } })
    await expect(declare(season)).rejects.toMatchObject({ type: 'round-conflict', detail: expect.stringContaining('public') })
    expect(await given(season)).not.toEqual([])
  })
})
