import { beforeAll, describe, expect, it } from 'vitest'
import { makePerson, type Person } from '../../cli/rehearsal/people.js'
import { CITY, DESK, PLATFORM, SEASON, importCsv, ordinaryAnswers, people, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const [listed, leaving, shown] = people(3) as [Person, Person, Person]
const newcomer = makePerson(11, 50)
let registration: Registration
const season = { season: SEASON }

beforeAll(async () => {
  registration = await startRegistration()
  await importCsv(registration.as(CITY), 'roster', rosterOf(rowOf(listed), rowOf(leaving), rowOf(shown)))
})

const entry = (person: Person, over: object = {}) => ({
  name: person.name, idNumber: person.idNumber, guardianName: person.guardianName, guardianIdNumber: person.guardianIdNumber,
  district: 'd1', facts: { stage: 'junior', 'primary.school': 'public' }, ...over,
})

describe('a child the roster does not know', () => {
  it('is entered by its guardian, once, and may then register', async () => {
    const guardian = registration.guardianOf(newcomer)
    const { child } = await guardian.addChild({ params: season, body: entry(newcomer) })
    expect(child).toBe(registration.childOf(newcomer))
    await expect(guardian.addChild({ params: season, body: entry(newcomer) })).resolves.toEqual({ child })
    const events = (await registration.events()).filter(({ key }) => key === child)
    expect(events).toMatchObject([{ type: 'cn.ruxue.registration.child-listed.v1', data: { aggregate: 'roster', revision: 1, district: 'd1', facts: { stage: 'junior' } } }])
    await expect(guardian.fileForm({ params: { ...season, phase: 'register', child }, body: { answers: ordinaryAnswers } })).resolves.toMatchObject({ revision: 1 })
  })

  it('is refused if it is on the list already', async () => {
    await expect(registration.guardianOf(listed).addChild({ params: season, body: entry(listed) })).rejects.toMatchObject({ type: 'duplicate-child' })
  })

  it('is refused from another guardian and from another district', async () => {
    const other = makePerson(11, 51)
    await expect(registration.guardianOf(listed).addChild({ params: season, body: entry(other) })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.as(DESK).addChild({ params: season, body: entry(other, { district: 'd2' }) })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.as(DESK).addChild({ params: season, body: entry(other) })).resolves.toEqual({ child: registration.childOf(other) })
  })

  it('is refused with every fault at once', async () => {
    const wrong = entry(makePerson(11, 52), { idNumber: '990000201001010010', district: 'd9', facts: { stage: 'college', shoe: 42 } })
    await expect(registration.as({ ...DESK, district: 'd9' }).addChild({ params: season, body: wrong })).rejects.toMatchObject({
      type: 'unknown-field',
      faults: [{ at: '/body/idNumber' }, { at: '/body/district' }, { at: '/body/facts/shoe' }, { at: '/body/facts/stage' }],
    })
  })
})

describe('a child that leaves', () => {
  it('is told once, with its reason, and can file nothing any more', async () => {
    const guardian = registration.guardianOf(leaving)
    const child = registration.childOf(leaving)
    const receipt = await guardian.withdraw({ params: { ...season, child }, body: { reason: 'other-city' } })
    await expect(guardian.withdraw({ params: { ...season, child }, body: { reason: 'other-city' } })).resolves.toEqual(receipt)
    await expect(guardian.withdraw({ params: { ...season, child }, body: { reason: 'died' } })).rejects.toMatchObject({ type: 'withdrawn' })
    await expect(guardian.fileForm({ params: { ...season, phase: 'register', child }, body: { answers: ordinaryAnswers } })).rejects.toMatchObject({ type: 'withdrawn' })
    const events = (await registration.events()).filter(({ key, type }) => key === child && type.includes('withdrawn'))
    expect(events).toMatchObject([{ data: { aggregate: 'withdrawal', id: 'withdrawal', revision: 1, reason: 'other-city' } }])
  })

  it('is its guardian’s matter alone', async () => {
    const params = { ...season, child: registration.childOf(shown) }
    await expect(registration.guardianOf(listed).withdraw({ params, body: { reason: 'moved-away' } })).rejects.toMatchObject({ type: 'forbidden' })
  })
})

describe('personal data', () => {
  it('goes to the platform’s own processes for a purpose, and that is recorded', async () => {
    const child = registration.childOf(shown)
    await registration.guardianOf(shown).fileForm({ params: { ...season, phase: 'register', child }, body: { answers: ordinaryAnswers } })
    const body = { children: [child, registration.childOf(makePerson(99, 5))], purpose: 'authority-check' as const }
    const { people: found } = await registration.as(PLATFORM).people({ params: season, body })
    expect(found).toEqual([{ child, name: shown.name, idNumber: shown.idNumber, guardianName: shown.guardianName, guardianIdNumber: shown.guardianIdNumber, phone: shown.phone, answers: ordinaryAnswers }])
    const { rows } = await registration.sql.query('SELECT season, by, purpose, children FROM disclosure')
    expect(rows).toEqual([{ season: SEASON, by: 'workflows', purpose: 'authority-check', children: 1 }])
    const { people: addressed } = await registration.as(PLATFORM).people({ params: season, body: { children: [child], purpose: 'message' } })
    expect(addressed[0]).not.toHaveProperty('guardianIdNumber')
  })

  it('goes to nobody else', async () => {
    const body = { children: [registration.childOf(shown)], purpose: 'screen' as const }
    for (const caller of [CITY, DESK, { subject: 'p', role: 'ops' as const }]) {
      await expect(registration.as(caller).people({ params: season, body })).rejects.toMatchObject({ type: 'forbidden' })
    }
  })
})

describe('a closed season', () => {
  it('takes no child, no form and no withdrawal', async () => {
    await registration.as(PLATFORM).closeSeason({ params: season })
    const guardian = registration.guardianOf(shown)
    const child = registration.childOf(shown)
    const refused = { type: 'season-closed' }
    await expect(guardian.addChild({ params: season, body: entry(shown) })).rejects.toMatchObject(refused)
    await expect(guardian.fileForm({ params: { ...season, phase: 'register', child }, body: { answers: ordinaryAnswers } })).rejects.toMatchObject(refused)
    await expect(guardian.withdraw({ params: { ...season, child }, body: { reason: 'died' } })).rejects.toMatchObject(refused)
    await expect(importCsv(registration.as(CITY), 'late', rosterOf(rowOf(shown)))).rejects.toMatchObject(refused)
  })
})
