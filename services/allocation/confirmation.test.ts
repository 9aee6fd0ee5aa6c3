import { beforeAll, describe, expect, it } from 'vitest'
import type { Timeline } from '../../policies/timeline.js'
import { at, childNo, factsAbout, openSeason, privateSchool, publicSchool, startAllocation, type Running } from './allocation.fixture.js'

let running: Running
const phase = 'private-check-in'

/** The same season in a city whose winners confirm instead of coming to the school. */
const confirming = (takesUp: boolean) => (timeline: Timeline) => {
  const index = timeline.phases.findIndex(({ id }) => id === phase)
  const { id, opensAt, closesAt, who, barredBy, sentBy, owner } = timeline.phases[index]!
  timeline.phases[index] = {
    ...{ kind: 'confirmation', id, index, owner, opensAt, closesAt, who, barredBy, sentBy, of: ['private-admission'] },
    ...(takesUp ? { takesUp: true } : {}),
    effects: { confirmed: { releases: ['zoning'] }, missed: {} },
  }
}
const hold = (season: string, n: number, basis: string, school: string) =>
  running.sql(`UPDATE seat SET child = $2, basis = $3, visible = true WHERE season = $1 AND school = $4 AND ordinal = $5`, [season, childNo(n), basis, school, n])
const confirm = (season: string, n: number) => running.guardian(n).confirm({ params: { season, phase, child: childNo(n) }, body: {} })
const place = (season: string, n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })

const start = async (season: string, takesUp: boolean) => {
  await openSeason(running, season, { schools: [publicSchool('north', 3), privateSchool('ivy', 3)], zones: [] }, confirming(takesUp))
  for (const n of [1, 2, 3]) await running.tell([factsAbout(season, n).roster(), factsAbout(season, n).registered()])
  for (const n of [1, 2]) await hold(season, n, 'private-admission', 'ivy')
  await hold(season, 1, 'zoning', 'north')
  running.clock.at = at('06-21 10:00')
}

beforeAll(async () => {
  running = await startAllocation()
})

describe('a confirmation that takes the seat up', () => {
  const season = 'takes-up'
  it('takes the held seat, once, and releases what the policy names', async () => {
    await start(season, true)
    const first = await confirm(season, 1)
    running.clock.at += 1
    expect(await confirm(season, 1)).toEqual(first)
    expect(await place(season, 1)).toEqual({
      child: childNo(1), revision: 1, held: [], taken: { basis: 'private-admission', school: 'ivy' }, outcomes: { [phase]: 'confirmed' },
    })
  })

  it('needs a seat', async () => {
    await expect(confirm(season, 3)).rejects.toMatchObject({ type: 'no-seat-held' })
  })

  it('that does not come costs the seat at the close', async () => {
    expect(await running.service.closePhase({ params: { season, phase } })).toMatchObject({ count: 1 })
    expect(await place(season, 2)).toMatchObject({ held: [], outcomes: { [phase]: 'missed' } })
    expect((await place(season, 1)).taken).toBeDefined()
    await expect(confirm(season, 2)).rejects.toMatchObject({ type: 'window-closed' })
  })
})

describe('a confirmation that only says so', () => {
  it('leaves the seat held for who confirms, and costs it who does not', async () => {
    const season = 'says-so'
    await start(season, false)
    await confirm(season, 1)
    await running.service.closePhase({ params: { season, phase } })
    expect(await place(season, 1)).toMatchObject({ held: [{ school: 'ivy' }], outcomes: { [phase]: 'confirmed' } })
    expect(await place(season, 2)).toMatchObject({ held: [], outcomes: { [phase]: 'missed' } })
  })
})
