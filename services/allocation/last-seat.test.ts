import { beforeAll, describe, expect, it } from 'vitest'
import { checkRounds } from '../../cli/audit/checks/rounds.js'
import { checkSeats } from '../../cli/audit/checks/seats.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { UnitOverflow } from '../../contracts/rounds.js'
import type { Timeline } from '../../policies/timeline.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, idNo, openSeason, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { audited } from './audited.fixture.js'

const phase = 'zoning'
/** The children of a zone with two schools, in the round's order: twins meet one last seat at the first school. */
const [BEST, TWIN, OTHER, LAST] = [1, 2, 3, 4]
const unit = { id: idNo('u', 1), members: [childNo(TWIN), childNo(OTHER)] }
/** The other was registered first. */
const REGISTERED = new Map([[TWIN, '2022-05-13T08:00:00.000Z'], [OTHER, '2022-05-12T09:30:00.000Z']])
let running: Running

beforeAll(async () => {
  running = await startAllocation()
})

/** A season with such a round, two seats at one school and one at the other. */
async function ready(season: string, lastSeat?: UnitOverflow, registered = REGISTERED) {
  const { timeline } = await openSeason(running, season, { schools: [publicSchool('north', 2), publicSchool('south', 1)], zones: [zoneOf('z', 'north', 'south')] }, (changed) => {
    for (const one of changed.phases) {
      if (one.id !== phase || one.kind !== 'round') continue
      one.order = [{ fact: 'points', first: 'highest' }]
      if (lastSeat) one.lastSeat = lastSeat
    }
  })
  const facts = [BEST, TWIN, OTHER, LAST].flatMap((n): ChildFact[] => {
    const [about, registeredAt] = [factsAbout(season, n), registered.get(n)]
    const twins = n === TWIN || n === OTHER ? { unit, ...(registeredAt !== undefined && { registeredAt }) } : {}
    const form = about.registered({ zones: { 'household.address': 'z' }, facts: { points: n === BEST ? 3 : n === LAST ? 1 : 2 }, ...twins })
    return [about.roster(), form, about.reviewed('approved')]
  })
  await running.tell(facts)
  return {
    freeze: async (run = 1) => running.service.freezeRound({ params: { season, phase }, body: { expects: [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }], run } }),
    decide: () => decideRound(running, season, phase),
    publish: () => running.service.publishRound({ params: { season, phase }, body: { limit: 100 } }),
    release: (n: number) => running.service.release({ params: { season, child: childNo(n) }, body: {} }),
    arrange: async (n: number, school = 'north') => {
      await running.tell([factsAbout(season, n).roster()])
      return running.service.arrange({ params: { season, child: childNo(n) }, body: { phase: 'arrangement', school, officer: 'o1', reason: 'moved late' } })
    },
    plan: (school: string, plan: number) => running.city.setPlan({ params: { season, school }, body: { plan } }),
    counts: async () => Object.fromEntries((await running.city.listSchools({ params: { season } })).schools.map(({ id, plan, held, taken, free }) => [id, { plan, held, taken, free }])),
    /** Who has which seat, `+` where it is over plan, and `free` or `kept` where nobody has it. */
    seats: async (school = 'north') => {
      const rows = await running.sql<{ child: string | null; overflow: string | null; reserved_for: string | null }>(
        'SELECT child, overflow, reserved_for FROM seat WHERE season = $1 AND school = $2 ORDER BY child NULLS LAST', [season, school])
      const names = new Map([BEST, TWIN, OTHER, LAST].map((n) => [childNo(n), n]))
      return rows.map(({ child, overflow, reserved_for }) => (child === null ? (reserved_for === null ? 'free' : 'kept') : `${names.get(child) ?? child}${overflow === null ? '' : '+'}`))
    },
    audit: (by: Timeline = timeline) => audited(running, season, by, [checkRounds, checkSeats]),
    timeline,
  }
}

/** A season whose twins have been admitted, one of them over plan, and everybody knows it. */
async function admitted(season: string) {
  const round = await ready(season, 'admit')
  await round.freeze()
  await round.decide()
  await round.publish()
  expect(await round.seats()).toEqual(['1', '2+', '3'])
  return round
}

describe('twins at a last seat', () => {
  it.each<[string, UnitOverflow | undefined, string[], string[]]>([
    ['are passed over where the policy says nothing', undefined, ['1', '4'], ['free']],
    ['are passed over', 'skip', ['1', '4'], ['free']],
    ['are taken in, the one registered later over plan', 'admit', ['1', '2+', '3'], ['4']],
    ['are parted, and the one registered first has it', 'split', ['1', '3'], ['2']],
  ])('%s, as both implementations and the audit find', async (_says, lastSeat, north, south) => {
    const { freeze, decide, publish, seats, audit } = await ready(`last-${lastSeat ?? 'unsaid'}`, lastSeat)
    await freeze()
    expect(await decide()).toMatchObject({ held: [] })
    expect(await audit()).toEqual([])
    await publish()
    expect([await seats('north'), await seats('south')]).toEqual([north, south])
    expect(await audit()).toEqual([])
  })

  it.each<[string, Map<number, string>]>([
    ['registered at one instant', new Map([TWIN, OTHER].map((n) => [n, '2022-05-12T09:30:00.000Z']))],
    ['of whom one form does not say when', new Map([[OTHER, '2022-05-12T09:30:00.000Z']])],
  ])('who were %s go by their ids', async (what, registered) => {
    const { freeze, decide, publish, seats, audit } = await ready(`last-${what.length}`, 'split', registered)
    await freeze()
    await decide()
    await publish()
    expect([await seats('north'), await seats('south')]).toEqual([['1', '2'], ['3']])
    expect(await audit()).toEqual([])
  })

  it('show when they were registered in a transcript only where that may decide', async () => {
    for (const [lastSeat, keys] of [['skip', undefined], ['split', '2022-05-12T09:30:00.000Z']] as const) {
      const season = `shows-${lastSeat}`
      await (await ready(season, lastSeat)).freeze()
      const { groups } = await running.as({ subject: 'operator', role: 'ops' }).inspectTranscript({ params: { season, phase } })
      const dates = new Map(groups[0]!.round.applicants.map(({ id, keys: own }) => [id, own!['registeredAt']]))
      expect([dates.get(childNo(OTHER)), dates.get(childNo(BEST))]).toEqual([keys, undefined])
    }
  })
})

describe('a seat over plan', () => {
  it('is recorded with its reason, and counts for no plan and no vacancy, before and after it is known', async () => {
    const { freeze, decide, publish, counts } = await ready('counted', 'admit')
    await freeze()
    await decide()
    expect((await counts())['north']).toEqual({ plan: 2, held: 0, taken: 0, free: 2 })
    await publish()
    expect(await counts()).toEqual({ north: { plan: 2, held: 3, taken: 0, free: 0 }, south: { plan: 1, held: 1, taken: 0, free: 0 } })
    expect(await running.sql(`SELECT overflow, basis, child FROM seat WHERE season = 'counted' AND overflow IS NOT NULL`)).toEqual([{ overflow: 'last-seat: admit', basis: phase, child: childNo(TWIN) }])
  })

  it('goes with its child and is nobody else’s', async () => {
    const { release, arrange, seats, audit } = await admitted('goes')
    await expect(arrange(9)).rejects.toMatchObject({ type: 'school-full' })
    await release(TWIN)
    expect(await seats()).toEqual(['1', '3'])
    await expect(arrange(9)).rejects.toMatchObject({ type: 'school-full' })
    expect(await audit()).toEqual([])
  })

  it('is one of the plan as soon as another child gives up one of these, and the next is free', async () => {
    const { release, arrange, seats, audit } = await admitted('brought-back')
    await release(BEST)
    expect(await seats()).toEqual(['2', '3'])
    await expect(arrange(9)).rejects.toMatchObject({ type: 'school-full' })
    await release(TWIN)
    expect(await seats()).toEqual(['3', 'free'])
    await arrange(9)
    expect(await seats()).toEqual(['3', childNo(9)])
    expect(await audit()).toEqual([])
  })

  it('is one of a larger plan', async () => {
    const { plan, seats, release } = await admitted('larger-plan')
    await plan('north', 3)
    expect(await seats()).toEqual(['1', '2', '3'])
    await plan('north', 4)
    expect(await seats()).toEqual(['1', '2', '3', 'free'])
    await expect(plan('north', 2)).rejects.toMatchObject({ type: 'round-conflict' })
    await release(BEST)
    await plan('north', 2)
    expect(await seats()).toEqual(['2', '3'])
  })

  it('leaves the plan whole whoever comes and goes at once', async () => {
    const { release, arrange, seats, audit } = await admitted('at-once')
    await Promise.allSettled([release(BEST), release(TWIN), release(OTHER), arrange(11), arrange(12), arrange(13)])
    for (const n of [14, 15]) await arrange(n).catch(() => undefined)
    expect(await seats()).toHaveLength(2)
    expect((await seats()).join()).not.toMatch(/free|\+/)
    expect(await audit()).toEqual([])
  })

  it('is taken back with the run that gave it, and given again by the next', async () => {
    const season = 'void-over-plan'
    const { freeze, decide, seats, audit } = await ready(season, 'admit')
    await freeze()
    await decide()
    await running.service.voidRound({ params: { season, phase }, body: { run: 1, officers: ['officer-1', 'officer-2'], reason: 'a class was left out' } })
    expect(await seats()).toEqual(['kept', 'kept'])
    expect(await audit()).toEqual([])
    await freeze(2)
    for (const step of ['commitRound', 'revealRound', 'drawRound', 'checkRound'] as const) await running.service[step]({ params: { season, phase }, body: { run: 2 } })
    await running.service.publishRound({ params: { season, phase }, body: { run: 2, limit: 100 } })
    expect(await seats()).toEqual(['1', '2+', '3'])
    expect(await audit()).toEqual([])
  })

  it('is for a child, with a reason and never free, by the database’s own rules', async () => {
    const { seats } = await ready('rules')
    const insert = (overflow: string, child: string | null) => running.sql(
      `INSERT INTO seat (season, school, ordinal, overflow, child, basis) VALUES ('rules', 'north', 9, $1, $2, $3)`, [overflow, child, child && phase])
    await expect(insert(' ', 'x')).rejects.toThrow(/seat_over_plan_has_reason/)
    await insert('class', null)
    expect(await seats()).toEqual(['free', 'free'])
    await insert('class', 'x')
    expect(await seats()).toEqual(['x', 'free'])
  })
})

describe('the audit', () => {
  it('finds a child over plan whom no round admitted so, and a seat too many', async () => {
    const { audit } = await admitted('planted')
    await running.sql(`UPDATE seat SET overflow = 'a favour' WHERE season = 'planted' AND child = $1`, [childNo(BEST)])
    expect(await audit()).toEqual([expect.stringContaining('over the plan of north')])
    await running.sql(`UPDATE seat SET overflow = NULL WHERE season = 'planted'`)
    expect(await audit()).toEqual([expect.stringContaining('3 seats, its published plan 2')])
  })

  it('finds a round that served twins by another rule than the policy’s', async () => {
    const { audit, timeline } = await admitted('another-rule')
    for (const lastSeat of ['skip', 'split'] as const) {
      const other = structuredClone(timeline)
      for (const one of other.phases) if (one.id === phase && one.kind === 'round') one.lastSeat = lastSeat
      expect(await audit(other)).toContainEqual(expect.stringContaining('the record gives admitted north'))
    }
  })
})
