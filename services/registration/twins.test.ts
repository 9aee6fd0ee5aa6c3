import { beforeAll, describe, expect, it } from 'vitest'
import { makePerson, type Person } from '../../cli/rehearsal/people.js'
import { phaseById } from '../../policies/timeline.js'
import { CITY, PLATFORM, SEASON, home, importCsv, ordinaryAnswers, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const pairs = Array.from({ length: 8 }, (_, at): [Person, Person] => [makePerson(3, at * 2), makePerson(3, at * 2 + 1, { twinOf: at * 2 })])
let registration: Registration
let opensAt: number

beforeAll(async () => {
  registration = await startRegistration()
  opensAt = phaseById(registration.timeline, 'register').opensAt
  await importCsv(registration.as(CITY), 'roster', rosterOf(...pairs.flat().map((person) => rowOf(person))))
})

const id = (person: Person) => registration.childOf(person)
const file = (person: Person, answers = ordinaryAnswers, phase = 'register') =>
  registration.guardianOf(person).fileForm({ params: { season: SEASON, phase, child: id(person) }, body: { answers } })
const declare = (person: Person, sibling: Person, phase = 'register') =>
  registration.guardianOf(person).declareTwin({ params: { season: SEASON, child: id(person) }, body: { sibling: id(sibling), phase } })
const undo = (person: Person, phase = 'register') =>
  registration.guardianOf(person).undoTwin({ params: { season: SEASON, child: id(person) }, query: { phase } })
async function factOf(person: Person): Promise<{ revision: number; unit?: { id: string; members: string[] } }> {
  const { rows } = await registration.sql.query(
    `SELECT body FROM platform.child_fact WHERE child = $1 AND aggregate = 'registration'`, [id(person)])
  return (rows[0] as { body: never }).body
}
const eventsOf = async (person: Person) =>
  (await registration.events()).filter(({ key, type }) => key === id(person) && type.includes('.registration-')).map(({ type, data }) => `${type.split('.')[3]} ${String(data.revision)}`)

describe('twins', () => {
  it('are one unit once both sides declared and both filed, whatever came first', async () => {
    const [one, other] = pairs[0]!
    await file(one)
    expect(await declare(one, other)).not.toHaveProperty('unit')
    const { unit } = await declare(other, one)
    expect(unit).toBe(registration.ids.unit(SEASON, [id(one), id(other)]))
    expect(await factOf(one)).not.toHaveProperty('unit')
    await file(other)
    const expected = { id: unit, members: [id(one), id(other)].sort() }
    expect(await factOf(other)).toMatchObject({ revision: 1, unit: expected })
    expect(await factOf(one)).toMatchObject({ revision: 2, unit: expected })
    expect(await eventsOf(one)).toEqual(['registration-filed 1', 'registration-amended 2'])
    expect(await registration.guardianOf(one).getForm({ params: { season: SEASON, phase: 'register', child: id(one) } })).toMatchObject({ revision: 2, unit: expected })
  })

  it('stay one unit through an amendment, and declaring again changes nothing', async () => {
    const [one, other] = pairs[0]!
    await file(one, { ...ordinaryAnswers, 'residence.address': { ...home, room: '' } })
    expect(await factOf(one)).toMatchObject({ revision: 3, unit: { members: [id(one), id(other)].sort() } })
    await declare(other, one)
    expect(await factOf(other)).toMatchObject({ revision: 1 })
  })

  it('are two children again when either side undoes', async () => {
    const [one, other] = pairs[1]!
    for (const [a, b] of [[one, other], [other, one]] as const) {
      await file(a)
      await declare(a, b)
    }
    expect(await factOf(one)).toHaveProperty('unit')
    await undo(other)
    for (const person of [one, other]) {
      expect(await factOf(person)).toMatchObject({ revision: 3 })
      expect(await factOf(person)).not.toHaveProperty('unit')
    }
    await expect(undo(other)).rejects.toMatchObject({ type: 'not-found' })
  })

  it('must share a guardian or a birthday, and not be one child', async () => {
    const [one] = pairs[2]!
    const stranger = pairs.slice(3).flat().find((person) => person.birthday !== one.birthday)!
    await expect(declare(one, stranger)).rejects.toMatchObject({ type: 'not-a-twin' })
    await expect(declare(one, one)).rejects.toMatchObject({ type: 'not-a-twin' })
    await expect(declare(one, makePerson(99, 9))).rejects.toMatchObject({ type: 'unknown-child' })
    await expect(declare(one, pairs[2]![1], 'own-school-application')).rejects.toMatchObject({ type: 'window-not-open' })
  })

  it('of whom one leaves end as a unit', async () => {
    const [one, other] = pairs[3]!
    for (const [a, b] of [[one, other], [other, one]] as const) {
      await file(a)
      await declare(a, b)
    }
    await registration.guardianOf(one).withdraw({ params: { season: SEASON, child: id(one) }, body: { reason: 'moved-away' } })
    expect(await factOf(other)).not.toHaveProperty('unit')
    await expect(declare(other, one)).rejects.toMatchObject({ type: 'withdrawn' })
    const { rows } = await registration.sql.query(`SELECT dissolved_reason FROM twin_declaration WHERE child = ANY ($1)`, [[id(one), id(other)]])
    expect(rows).toEqual([{ dissolved_reason: 'withdrawn' }, { dissolved_reason: 'withdrawn' }])
  })

  it('filed by both guardians at the same moment are one unit all the same', async () => {
    const [one, other] = pairs[4]!
    await declare(one, other)
    await declare(other, one)
    await Promise.all([file(one), file(other)])
    const [a, b] = [await factOf(one), await factOf(other)]
    expect(a.unit).toEqual(b.unit)
    expect(a.unit).toBeDefined()
    expect([a.revision, b.revision].sort()).toEqual([1, 2])
  })

  it('of whom only one declared or filed are single once the phase has closed', async () => {
    const [declared, silent] = pairs[5]!
    await file(declared)
    await file(silent)
    await declare(declared, silent)
    const [filed, unfiled] = pairs[6]!
    await file(filed)
    await declare(filed, unfiled)
    await declare(unfiled, filed)
    await registration.as(PLATFORM).closePhase({ params: { season: SEASON, phase: 'register' } })
    for (const person of [declared, silent, filed]) expect(await factOf(person)).not.toHaveProperty('unit')
    expect(await factOf(pairs[0]![0])).toMatchObject({ frozen: true, unit: { members: pairs[0]!.map(id).sort() } })
    const { rows } = await registration.sql.query(`SELECT child FROM twin_declaration WHERE dissolved_reason = 'incomplete-at-close'`)
    expect(rows.map((row: { child: string }) => row.child).sort()).toEqual([pairs[1]![0], declared, filed, unfiled].map(id).sort())
  })

  it('cannot be undone or joined once frozen', async () => {
    registration.clock.at = phaseById(registration.timeline, 'register-on-site').opensAt
    const registered = phaseById(registration.timeline, 'register')
    await expect(undo(pairs[0]![0], 'register-on-site')).rejects.toMatchObject({ type: 'window-closed', closesAt: new Date(registered.closesAt).toISOString() })
    await expect(declare(pairs[6]![1], pairs[6]![0], 'register-on-site')).rejects.toMatchObject({ type: 'not-eligible' })
    const before = await factOf(pairs[0]![1])
    await registration.guardianOf(pairs[0]![0]).withdraw({ params: { season: SEASON, child: id(pairs[0]![0]) }, body: { reason: 'died' } })
    expect(await factOf(pairs[0]![1])).toEqual(before)
    registration.clock.at = opensAt
  })
})
