import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DrawTranscript } from '../../contracts/draw.js'
import { createLog } from '../../platform/log.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { verifyDraw } from './domain/draw/verify/verify.js'

/** A second implementation that confirms everything but what is drawn in Erdao. */
const DISSENTER = `node ${fileURLToPath(new URL('checking/dissenter.fixture.mjs', import.meta.url))}`

/** A round of two districts, each with a child and a seat, of which that of Erdao is held back and the other is out. */
async function held(running: Running, season: string) {
  const phase = 'zoning'
  const far = { ...publicSchool('far', 1), district: 'erdao' }
  await openSeason(running, season, { schools: [publicSchool('north', 1), far], zones: [zoneOf('only-north', 'north'), zoneOf('only-far', 'far')] }, () => undefined, [{ id: 'erdao', name: 'Erdao' }])
  await running.tell([[1, 'only-north'], [2, 'only-far']].flatMap(([n, zone]) => {
    const about = factsAbout(season, Number(n))
    return [about.roster(), about.registered({ zones: { 'household.address': String(zone) } }), about.reviewed('approved')]
  }))
  await running.service.freezeRound({ params: { season, phase }, body: { expects: [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }] } })
  expect(await decideRound(running, season, phase)).toMatchObject({ state: 'decided', held: [`${season}/zoning/erdao`] })
  expect(await running.service.publishRound({ params: { season, phase }, body: { limit: 10 } })).toEqual({ published: 1, left: 0 })
}

it('a group that the second implementation does not confirm is held back with an alarm, and the others go out', async () => {
  const alarms: string[] = []
  const log = createLog({ name: 'test', level: 'fatal' }, { write: (line) => alarms.push(line) })
  const running = await startAllocation({ log, more: { secondCheck: DISSENTER } })
  const [season, phase] = ['unsound', 'zoning']
  await held(running, season)
  expect(alarms.map((line) => JSON.parse(line) as object)).toMatchObject([{ group: 'unsound/zoning/erdao', wrong: ['dissenter.fixture.mjs: draw /groups/0/result not mine'] }])
  const place = (n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
  expect((await place(1)).outcomes).toEqual({ zoning: 'admitted' })
  expect((await place(2)).outcomes).toEqual({})
  const published = await running.guardian(1).getTranscript({ params: { season, phase } })
  expect(published.groups.map(({ result }) => result !== undefined)).toEqual([false, true])
  expect(await running.sql('SELECT school, reserved_for FROM seat WHERE season = $1 AND child IS NULL', [season])).toEqual([{ school: 'far', reserved_for: phase }])
  await expect(running.service.closePhase({ params: { season, phase } })).rejects.toMatchObject({ type: 'not-yet' })

  const again = { params: { season, phase }, body: { supplement: 1 } }
  await running.service.drawRound(again)
  expect(await running.service.checkRound(again)).toMatchObject({ state: 'decided', supplement: 1, held: ['unsound/zoning/erdao'] })
})

describe('a group that was held back', () => {
  const [season, phase] = ['mended', 'zoning']
  let mended: Running
  let before: DrawTranscript
  const place = (n: number) => mended.service.getPlace({ params: { season, child: childNo(n) } })
  const transcript = (supplement?: number) => mended.guardian(1).getTranscript({ params: { season, phase }, query: { supplement } })
  const again = (supplement: number) => ({ params: { season, phase }, body: { supplement } })

  beforeAll(async () => {
    const faulty = await startAllocation({ log: createLog({ name: 'test', level: 'silent' }), more: { secondCheck: DISSENTER } })
    await held(faulty, season)
    mended = await startAllocation({ sharing: faulty })
    before = await transcript()
  })

  it('is decided and checked again once the others are out, and nobody sees it before its publication', async () => {
    await mended.service.drawRound(again(1))
    expect(await mended.service.checkRound(again(1))).toMatchObject({ state: 'decided', supplement: 1, held: [] })
    expect(await mended.service.checkRound(again(1))).toMatchObject({ state: 'decided', supplement: 1, held: [] })
    expect(await transcript()).toEqual(before)
    await expect(transcript(1)).rejects.toMatchObject({ type: 'embargoed' })
    expect((await place(2)).outcomes).toEqual({})
  })

  it('goes out in a supplement with the seed it had, and nobody else is told again', async () => {
    const { revision } = await place(1)
    expect(await mended.service.publishRound({ params: { season, phase }, body: { limit: 10 } })).toEqual({ published: 1, left: 0 })
    expect(await mended.service.publishRound({ params: { season, phase }, body: { limit: 10 } })).toEqual({ published: 0, left: 0 })
    expect((await place(2)).outcomes).toEqual({ zoning: 'admitted' })
    expect((await place(1)).revision).toBe(revision)
    const after = await transcript()
    expect(verifyDraw(after)).toMatchObject({ agreed: true, findings: [], groups: [{ held: false }, { held: false }] })
    expect(after.draw).toMatchObject({ after: before.publish!.hash, groups: before.draw!.groups })
    expect(after.groups.map(({ round, entries }) => ({ round, entries }))).toEqual(before.groups.map(({ round, entries }) => ({ round, entries })))
    expect(await transcript(0)).toEqual(before)
    expect(await mended.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'published', supplement: 1, admitted: 2, notAdmitted: 0 })
    expect(await mended.sql('SELECT school FROM seat WHERE season = $1 AND reserved_for IS NOT NULL', [season])).toEqual([])
  })

  it('ends the round: its phase is closed, and there is nothing left to check again', async () => {
    expect(await mended.service.closePhase({ params: { season, phase } })).toMatchObject({ phase })
    await expect(mended.service.drawRound(again(2))).rejects.toMatchObject({ type: 'round-conflict' })
  })

  it('cannot be given or published a second time, by the database’s own rules', async () => {
    await expect(mended.sql(`INSERT INTO round_given (season, phase, "group") VALUES ($1, $2, 'mended/zoning/erdao')`, [season, phase])).rejects.toThrow(/round_given_pkey/)
    await expect(mended.sql('UPDATE round_result SET published_at = NULL WHERE season = $1', [season])).rejects.toThrow(/kept as they were/)
    await expect(mended.sql(`INSERT INTO round_step (season, phase, run, supplement, step, hash, body, asked_by) VALUES ($1, $2, 2, 1, 'publish', 'h', '{}', 'me')`, [season, phase])).rejects.toThrow(/round_published_once/)
  })
})
