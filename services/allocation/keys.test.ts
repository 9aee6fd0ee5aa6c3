import { beforeAll, describe, expect, it } from 'vitest'
import type { FactValue } from '../../contracts/facts.js'
import type { RoundOrder } from '../../policies/language.js'
import { createLog } from '../../platform/log.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { verifyDraw } from './domain/draw/verify/verify.js'

const phase = 'zoning'
const alarms: { msg: string; faults: object[] }[] = []
let running: Running

beforeAll(async () => {
  running = await startAllocation({ log: createLog({ name: 'test', level: 'fatal' }, { write: (line) => alarms.push(JSON.parse(line) as (typeof alarms)[number]) }) })
})

/** A season with two seats, whose round goes by a fact of which each child says this, or nothing. */
async function ready(season: string, by: RoundOrder & { fact: string }, values: (FactValue | undefined)[]) {
  await openSeason(running, season, { schools: [publicSchool('north', 2)], zones: [zoneOf('z', 'north')] }, (timeline) => {
    for (const one of timeline.phases) if (one.id === phase && one.kind === 'round') one.order = [by]
  })
  await running.tell(values.flatMap((value, n) => {
    const about = factsAbout(season, n + 1)
    return [about.roster(), about.registered({ zones: { 'household.address': 'z' }, ...(value !== undefined && { facts: { [by.fact]: value } }) }), about.reviewed('approved')]
  }))
  return {
    freeze: async () => running.service.freezeRound({ params: { season, phase }, body: { expects: [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }] } }),
    /** Who has a seat once the round is published. */
    publish: async () => {
      await decideRound(running, season, phase)
      await running.service.publishRound({ params: { season, phase }, body: { limit: 100 } })
      const rows = await running.sql<{ child: string }>('SELECT child FROM seat WHERE season = $1 AND visible ORDER BY child', [season])
      return rows.map(({ child }) => child)
    },
    transcript: () => running.as({ subject: 'operator', role: 'ops' }).inspectTranscript({ params: { season, phase } }),
  }
}

describe('a round goes from its freeze to its publication, confirmed by both implementations,', () => {
  it.each<[string, RoundOrder & { fact: string }, (FactValue | undefined)[], number[]]>([
    ['where a date is not known: whoever’s it is comes last', { fact: 'bought', first: 'earliest' }, [undefined, '2021-10-09', '2019-03-01', '2022-01-01'], [2, 3]],
    ['where nobody’s date is known', { fact: 'bought', first: 'earliest' }, [undefined, undefined], [1, 2]],
    ['where a number has a fraction', { fact: 'share', first: 'highest' }, [51.25, 50, 51.5, undefined], [1, 3]],
    ['where a number is larger than any that is counted in hundredths', { fact: 'share', first: 'highest' }, [1, 1e300, -1e300, 2], [2, 4]],
  ])('%s', async (what, by, values, admitted) => {
    const { freeze, publish, transcript } = await ready(`keys-${what.length}`, by, values)
    await freeze()
    expect(await publish()).toEqual(admitted.map(childNo))
    const published = await transcript()
    expect(published.check).toMatchObject({ by: [{ name: 'ruxue' }, { name: 'verify_draw.py' }], groups: [{ agreed: true }] })
    expect(verifyDraw(published).findings).toEqual([])
  })
})

describe('a list that cannot be drawn', () => {
  it('is refused at the freeze with its places and an alarm, and freezes once it is mended', async () => {
    const season = 'undrawable'
    const { freeze, publish } = await ready(season, { fact: 'bought', first: 'earliest' }, ['2019-03-01', '二〇一九年'])
    const faults = [{ at: '/groups/0/round/applicants/1/keys/bought', message: expect.stringContaining('printable ASCII') as string }]
    await expect(freeze()).rejects.toMatchObject({ type: 'round-conflict', faults })
    expect(alarms).toMatchObject([{ msg: 'a list cannot be drawn', faults }])
    expect(await running.sql('SELECT 1 FROM round WHERE season = $1 UNION ALL SELECT 1 FROM round_step WHERE season = $1 UNION ALL SELECT 1 FROM seat WHERE season = $1 AND reserved_for IS NOT NULL', [season])).toEqual([])
    await running.tell([factsAbout(season, 2).registered({ revision: 2, zones: { 'household.address': 'z' }, facts: { bought: '2019-04-01' } })])
    expect(await freeze()).toMatchObject({ state: 'frozen', children: 2 })
    expect(await publish()).toEqual([childNo(1), childNo(2)])
  })
})
