import { beforeAll, describe, expect, it } from 'vitest'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { isIncluded, leafOf } from './domain/draw/merkle.js'
import { verifyDraw } from './domain/draw/verify/verify.js'

const phase = 'zoning'
let first: Running
let second: Running

beforeAll(async () => {
  first = await startAllocation({ more: { commitWithinMs: 1_500, revealWithinMs: 1_500 } })
  second = await startAllocation({ sharing: first, more: { commitWithinMs: 1_500, revealWithinMs: 1_500 } })
})

/** A season of which the list of `zoning` is complete: five children, four seats, two districts. */
async function ready(season: string, running: Running = first) {
  running.witnesses.plan({ one: 'present', two: 'present', three: 'present' })
  const far = { ...publicSchool('far', 1), district: 'erdao' }
  const catalogue = { schools: [publicSchool('north', 2), publicSchool('south', 1), far], zones: [zoneOf('z', 'north', 'south'), zoneOf('f', 'far')] }
  await openSeason(running, season, catalogue, () => undefined, [{ id: 'erdao', name: 'Erdao' }])
  const children = [1, 2, 3, 4].map((n) => [n, 'z'] as const)
  await running.tell([...children, [5, 'f'] as const].flatMap(([n, zone]) => {
    const about = factsAbout(season, n)
    return [about.roster(), about.registered({ zones: { 'household.address': zone } }), about.reviewed('approved')]
  }))
  const expects = [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }]
  const at = (of: Running, run = 1) => ({
    freeze: () => of.service.freezeRound({ params: { season, phase }, body: { expects, run } }),
    commit: () => of.service.commitRound({ params: { season, phase }, body: { run } }),
    reveal: () => of.service.revealRound({ params: { season, phase }, body: { run } }),
    draw: () => of.service.drawRound({ params: { season, phase }, body: { run } }),
    check: () => of.service.checkRound({ params: { season, phase }, body: { run } }),
    publish: () => of.service.publishRound({ params: { season, phase }, body: { run, limit: 100 } }),
  })
  const transcript = (run?: number) => running.as({ subject: 'operator', role: 'ops' }).inspectTranscript({ params: { season, phase }, query: { run } })
  return { at, transcript }
}

/** Tries until the answer is not that it is too early. */
async function inTime<R>(ask: () => Promise<R>): Promise<R> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if ((error as { type?: string }).type !== 'not-yet') throw error
    }
  }
}

describe('the steps of a ceremony', () => {
  it('each asked by two processes at once, and again, are done once and give a draw that both verifiers confirm', async () => {
    const season = 'twice'
    const { at, transcript } = await ready(season)
    const [one, two] = [at(first), at(second)]
    for (const step of ['freeze', 'commit', 'reveal', 'draw', 'check'] as const) {
      const [once, other] = await Promise.all([one[step](), two[step]()])
      expect(other).toEqual(once)
      expect(await two[step]()).toEqual(once)
      expect(once).toMatchObject({ step, hash: (await transcript())[step]!.hash })
    }
    await Promise.all([one.publish(), two.publish()])
    expect(await one.publish()).toEqual({ published: 0, left: 0 })
    const published = await first.guardian(1).getTranscript({ params: { season, phase } })
    expect(verifyDraw(published)).toMatchObject({ agreed: true, findings: [], groups: [{ id: `${season}/zoning/erdao` }, { id: `${season}/zoning/nanguan` }] })
    expect(published.check!.by.map(({ name }) => name)).toEqual(['ruxue', 'verify_draw.py'])
    const told = await first.sql<{ type: string }>(`SELECT event->>'type' AS type FROM platform.outbox WHERE event->>'type' LIKE '%.round-%' AND event->>'season' = $1 ORDER BY 1`, [season])
    expect(told.map(({ type }) => type.split('.')[3])).toEqual(['round-checked', 'round-committed', 'round-decided', 'round-frozen', 'round-published', 'round-revealed'])
  })

  it('keep their order', async () => {
    const { at } = await ready('order')
    const steps = at(first)
    for (const step of ['commit', 'reveal', 'draw', 'check', 'publish'] as const) await expect(steps[step]()).rejects.toMatchObject({ type: 'round-conflict' })
    await steps.freeze()
    for (const step of ['reveal', 'draw', 'check', 'publish'] as const) await expect(steps[step]()).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(at(first, 2).freeze()).rejects.toMatchObject({ type: 'round-conflict' })
  })

  it('publish once, by the database’s own rule', async () => {
    const { at } = await ready('once')
    await at(first).freeze()
    await decideRound(first, 'once', phase)
    await at(first).publish()
    const again = first.sql(`INSERT INTO round_step (season, phase, run, step, hash, body, asked_by) VALUES ('once', 'zoning', 2, 'publish', 'h', '{}', 'me')`)
    await expect(again).rejects.toThrow(/round_published_once/)
  })
})

describe('a witness', () => {
  it('who does not reveal in time is absent, and the draw goes on with the others', async () => {
    const { at, transcript } = await ready('absent')
    const steps = at(first)
    await steps.freeze()
    await steps.commit()
    first.witnesses.plan({ two: 'stays-away' })
    await expect(steps.reveal()).rejects.toMatchObject({ type: 'not-yet' })
    expect(await inTime(steps.reveal)).toMatchObject({ step: 'reveal' })
    expect((await transcript()).reveal!.parts).toEqual([expect.objectContaining({ name: 'one', secret: expect.any(String) }), { kind: 'witness', name: 'two', absent: true }, expect.objectContaining({ name: 'three' })])
    await steps.draw()
    await steps.check()
    await steps.publish()
    expect(verifyDraw(await transcript())).toMatchObject({ agreed: true })
  })

  it('who goes away after it has revealed has revealed', async () => {
    const { at, transcript } = await ready('gone')
    await at(first).freeze()
    await at(first).commit()
    first.witnesses.plan({ two: 'stays-away' })
    await expect(at(first).reveal()).rejects.toMatchObject({ type: 'not-yet' })
    first.witnesses.plan({ one: 'stays-away', two: 'present', three: 'stays-away' })
    expect(await at(second).reveal()).toMatchObject({ step: 'reveal' })
    expect((await transcript()).reveal!.parts.every((part) => 'secret' in part)).toBe(true)
  })

  it('who has committed itself is not absent because nobody here knows its address any more', async () => {
    const { at, transcript } = await ready('unasked')
    await at(first).freeze()
    await at(first).commit()
    const forgetful = await startAllocation({ sharing: first, more: { revealWithinMs: 1, witnesses: [{ name: 'one', baseUrl: first.witnesses.url }, { name: 'two', baseUrl: first.witnesses.url }] } })
    await expect(at(forgetful).reveal()).rejects.toMatchObject({ type: 'round-conflict', detail: 'three has committed itself and is not configured here' })
    expect((await transcript()).reveal).toBeUndefined()
    expect(await at(first).reveal()).toMatchObject({ step: 'reveal' })
  })

  it('who does not commit itself in time takes no part', async () => {
    const { at, transcript } = await ready('no-commitment')
    await at(first).freeze()
    first.witnesses.plan({ three: 'silent' })
    await inTime(at(first).commit)
    expect((await transcript()).commit!.sources).toMatchObject([{ name: 'one' }, { name: 'two' }])
  })
})

describe('a draw of which too few witnesses reveal', () => {
  it('is public as far as it went, and begins again with a freeze that follows it', async () => {
    const season = 'again'
    const { at, transcript } = await ready(season)
    await at(first).freeze()
    await at(first).commit()
    first.witnesses.plan({ one: 'wrong', two: 'stays-away' })
    expect(await inTime(at(first).reveal)).toMatchObject({ again: true })
    await expect(at(first).draw()).rejects.toMatchObject({ type: 'round-conflict' })
    const failed = await first.guardian(1).getTranscript({ params: { season, phase }, query: { run: 1 } })
    expect(verifyDraw(failed).findings).toEqual([])
    first.witnesses.plan({ one: 'present', two: 'present' })
    const steps = at(first, 2)
    expect(await Promise.all([steps.freeze(), at(second, 2).freeze()])).toMatchObject([{ run: 2, step: 'freeze' }, { run: 2, step: 'freeze' }])
    expect((await transcript()).freeze).toMatchObject({ run: 2, previous: failed.reveal!.hash, groups: failed.freeze.groups })
    for (const step of ['commit', 'reveal', 'draw', 'check', 'publish'] as const) await steps[step]()
    expect(verifyDraw(await transcript())).toMatchObject({ agreed: true })
    expect(await first.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'published', run: 2, admitted: 4 })
  })
})

describe('a rehearsal', () => {
  it('draws the same again from the same list, whenever it is played, and says what it is', async () => {
    const transcripts = []
    for (const more of [{ rehearsal: true }, { rehearsal: true, commitWithinMs: 30_000 }]) {
      const rehearsed = await startAllocation({ more })
      const { at, transcript } = await ready('rehearsal', rehearsed)
      await at(rehearsed).freeze()
      await decideRound(rehearsed, 'rehearsal', phase)
      transcripts.push(await transcript())
    }
    const [one, two] = transcripts
    expect(two).toEqual(one)
    expect(verifyDraw(one!).findings).toEqual([])
    expect(one!.rule).toContain('REHEARSAL')
    expect(one!.freeze.at).toBe('2000-01-01T00:00:00.000Z')
  })
})

describe('a family', () => {
  it('sees that its unit is on the frozen list, by the root alone, and no other’s', async () => {
    const season = 'inclusion'
    const { at } = await ready(season)
    const asked = { params: { season, phase, child: childNo(3) } }
    await expect(first.guardian(3).getInclusion(asked)).rejects.toMatchObject({ type: 'not-found' })
    await at(first).freeze()
    const { root, line, ...proof } = await first.guardian(3).getInclusion(asked)
    const announced = await first.guardian(1).getAnnouncement({ params: { season, phase } })
    expect(announced.freeze.groups.find(({ id }) => id === proof.group)).toMatchObject({ root, count: proof.count })
    expect(JSON.parse(line)).toEqual([childNo(3), [expect.objectContaining({ id: childNo(3), choices: ['north', 'south'] })]])
    expect(isIncluded({ ...proof, leaf: leafOf(line), root })).toBe(true)
    await expect(first.guardian(1).getInclusion(asked)).rejects.toMatchObject({ type: 'forbidden' })
  })
})
