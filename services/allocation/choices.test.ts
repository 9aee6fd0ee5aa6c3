import { beforeAll, describe, expect, it } from 'vitest'
import { at, childNo, factsAbout, idNo, openSeason, privateSchool, publicSchool, startAllocation, type Running } from './allocation.fixture.js'

const season = 'choices-2022'
const phase = 'private-choice'
let running: Running

beforeAll(async () => {
  running = await startAllocation()
  await openSeason(running, season, { schools: [publicSchool('north', 2), privateSchool('ivy', 2), privateSchool('oak', 2)], zones: [] })
})

const know = (n: number, ...more: ReturnType<ReturnType<typeof factsAbout>['roster']>[]) => {
  const about = factsAbout(season, n)
  return running.tell([about.roster(), about.registered(), ...more])
}
const choose = (n: number, schools: string[], revision?: number) =>
  running.guardian(n).choose({ params: { season, phase, child: childNo(n) }, body: { schools, ...(revision !== undefined && { revision }) } })

describe('a choice', () => {
  it('is accepted a millisecond before the close and refused at it with the instant of closing', async () => {
    await know(1, factsAbout(season, 1).reviewed('approved'))
    running.clock.at = at('06-14 17:00') - 1
    expect(await choose(1, ['ivy'])).toMatchObject({ revision: 1, receivedAt: '2022-06-14T08:59:59.999Z' })
    running.clock.at = at('06-14 17:00')
    await expect(choose(1, ['oak'])).rejects.toMatchObject({ type: 'window-closed', closesAt: '2022-06-14T09:00:00.000Z' })
  })

  it('is refused before the phase opens', async () => {
    running.clock.at = at('06-13 09:00') - 1
    await expect(choose(1, ['oak'])).rejects.toMatchObject({ type: 'window-not-open' })
  })

  it('can be changed until the close, by whoever saw the one that stands', async () => {
    await know(2, factsAbout(season, 2).reviewed('approved'))
    running.clock.at = at('06-13 10:00')
    await choose(2, ['ivy'], 0)
    running.clock.at += 1
    expect(await choose(2, ['oak'], 1)).toMatchObject({ schools: ['oak'], revision: 2 })
    await expect(choose(2, ['ivy'], 1)).rejects.toMatchObject({ type: 'stale-revision' })
  })

  it('sent again is the same choice', async () => {
    await know(3, factsAbout(season, 3).reviewed('approved'))
    running.clock.at = at('06-13 10:00')
    const first = await choose(3, ['ivy'], 0)
    running.clock.at += 500
    expect(await choose(3, ['ivy'], 0)).toEqual(first)
    expect(await choose(3, ['ivy'])).toEqual(first)
  })

  it('of a second private school is one too many', async () => {
    await expect(choose(3, ['ivy', 'oak'])).rejects.toMatchObject({ type: 'too-many-choices', faults: [{ at: '/body/schools/1' }] })
  })

  it('names only schools on offer', async () => {
    await expect(choose(3, ['north'])).rejects.toMatchObject({ type: 'choice-not-offered', faults: [{ at: '/body/schools/0' }] })
    await expect(choose(3, ['nowhere'])).rejects.toMatchObject({ type: 'choice-not-offered' })
  })

  it('is refused to a child whose review was refused, with the reason', async () => {
    await know(4, factsAbout(season, 4).reviewed('refused'))
    await expect(choose(4, ['ivy'])).rejects.toMatchObject({ type: 'not-eligible', particulars: { explanation: { value: 'false' } } })
  })

  it('is accepted from a child of whose review word is still on its way', async () => {
    await know(5)
    expect(await choose(5, ['ivy'])).toMatchObject({ revision: 1 })
  })

  it('is refused for a child that left and for one nobody knows', async () => {
    await know(6, factsAbout(season, 6).withdrawn())
    await expect(choose(6, ['ivy'])).rejects.toMatchObject({ type: 'withdrawn' })
    await expect(running.guardian(77).choose({ params: { season, phase, child: childNo(77) }, body: { schools: ['ivy'] } })).rejects.toMatchObject({ type: 'forbidden' })
  })

  it('is made only by the child’s own guardian', async () => {
    const call = { params: { season, phase, child: childNo(5) }, body: { schools: ['ivy'] } }
    await expect(running.guardian(4).choose(call)).rejects.toMatchObject({ type: 'forbidden' })
  })

  it('is refused in a phase of another kind and in an unknown one', async () => {
    for (const other of ['private-admission', 'nothing']) {
      await expect(running.guardian(5).choose({ params: { season, phase: other, child: childNo(5) }, body: { schools: ['ivy'] } })).rejects.toMatchObject({ type: 'unknown-phase' })
    }
  })
})

describe('the entry of a twin', () => {
  const unit = (a: number, b: number) => ({ id: idNo('u', a), members: [childNo(a), childNo(b)] })
  const entries = (...ns: number[]) =>
    running.sql<{ schools: string[]; for: string }>('SELECT schools, entered_for AS for FROM choice WHERE season = $1 AND child = ANY ($2) ORDER BY child', [season, ns.map(childNo)])

  it('stands for both, whichever was received last', async () => {
    for (const n of [10, 11]) await know(n, factsAbout(season, n).registered({ revision: 2, unit: unit(10, 11) }), factsAbout(season, n).reviewed('approved'))
    running.clock.at = at('06-13 11:00')
    await choose(10, ['ivy'])
    expect(await entries(10, 11)).toEqual([{ schools: ['ivy'], for: childNo(10) }, { schools: ['ivy'], for: childNo(10) }])
    running.clock.at += 1
    await choose(11, ['oak'])
    expect(await entries(10, 11)).toEqual([{ schools: ['oak'], for: childNo(11) }, { schools: ['oak'], for: childNo(11) }])
    const facts = await running.sql<{ child: string }>(`SELECT child FROM platform.child_fact WHERE aggregate = 'choice' AND body->'schools' = '["oak"]' AND child = ANY ($1)`, [[childNo(10), childNo(11)]])
    expect(facts).toHaveLength(2)
  })

  it('stands for both after the close where the unit came to be known only then', async () => {
    for (const n of [12, 13]) await know(n, factsAbout(season, n).reviewed('approved'))
    running.clock.at = at('06-13 11:00')
    await choose(12, ['ivy'])
    expect(await entries(12, 13)).toHaveLength(1)
    for (const n of [12, 13]) await know(n, factsAbout(season, n).registered({ revision: 2, unit: unit(12, 13) }))
    await running.service.closePhase({ params: { season, phase } })
    expect(await entries(12, 13)).toEqual([{ schools: ['ivy'], for: childNo(12) }, { schools: ['ivy'], for: childNo(12) }])
  })

  it('after the close nothing more is accepted, even for an instant inside the window', async () => {
    running.clock.at = at('06-13 11:00')
    await expect(choose(3, ['oak'])).rejects.toMatchObject({ type: 'window-closed' })
  })
})
