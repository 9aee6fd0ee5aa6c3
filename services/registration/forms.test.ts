import { beforeAll, describe, expect, it } from 'vitest'
import { makePerson } from '../../cli/rehearsal/people.js'
import { readRegistrationNumber } from './domain/registrationNumber.js'
import { phaseById } from '../../policies/timeline.js'
import { CITY, DESK, PLATFORM, SEASON, home, importCsv, ordinaryAnswers, people, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const families = people(12)
let registration: Registration
let register: { opensAt: number; closesAt: number }

const params = (at: number, phase = 'register') => ({ season: SEASON, phase, child: registration.childOf(families[at]!) })
const file = (at: number, over: { answers?: object; revision?: number } = {}) =>
  registration.guardianOf(families[at]!).fileForm({ params: params(at), body: { answers: { ...ordinaryAnswers, ...over.answers }, ...(over.revision && { revision: over.revision }) } })

beforeAll(async () => {
  registration = await startRegistration()
  register = phaseById(registration.timeline, 'register')
  await importCsv(registration.as(CITY), 'roster', rosterOf(...families.map((family) => rowOf(family))))
})

describe('filing a form', () => {
  it('gives a receipt with a registration number and states the facts without personal data', async () => {
    registration.clock.at = register.opensAt
    const receipt = await file(0)
    expect(receipt).toMatchObject({ child: params(0).child, phase: 'register', revision: 1, receivedAt: new Date(register.opensAt).toISOString() })
    expect(readRegistrationNumber(receipt.number)).toBe(receipt.number)
    const [event] = (await registration.events()).filter(({ type, key }) => type.includes('registration-filed') && key === params(0).child)
    expect(event!.data).toMatchObject({
      aggregate: 'registration', id: 'information', revision: 1, number: receipt.number, outcomes: { register: 'filed' },
      zones: { 'household.address': 'd1-z1', 'property.address': 'd1-z1', 'residence.address': 'd1-z1' },
      facts: { residency: 'household', 'primary.status': true },
    })
    const facts = event!.data.facts as Record<string, string>
    expect(facts['household.address']).toMatch(/^a[a-z2-7]{25}$/)
    expect(facts['household.address']).toBe(facts['residence.address'])
    expect(JSON.stringify(event)).not.toContain('晨光')
  })

  it('again with the same answers changes nothing and gives the same revision', async () => {
    const [first, again] = [await file(1), await file(1)]
    expect(again).toEqual(first)
    expect((await registration.events()).filter(({ key, type }) => key === params(1).child && type.includes('registration-'))).toHaveLength(1)
  })

  it('with other answers amends it until the close, and only what the sender saw', async () => {
    const first = await file(2)
    registration.clock.at += 1_000
    const amended = await file(2, { answers: { 'residence.address': { ...home, number: 8 } }, revision: 1 })
    expect(amended).toMatchObject({ revision: 2, number: first.number })
    await expect(file(2, { answers: { residency: 'permit' }, revision: 1 })).rejects.toMatchObject({ type: 'stale-revision' })
    const [event] = (await registration.events()).filter(({ key, type }) => key === params(2).child && type.includes('amended'))
    expect(event!.data).toMatchObject({ revision: 2, registeredAt: first.receivedAt, zones: { 'household.address': 'd1-z1', 'residence.address': null } })
    expect(amended.receivedAt).not.toBe(first.receivedAt)
    expect(await registration.guardianOf(families[2]!).getForm({ params: params(2) }))
      .toMatchObject({ revision: 2, frozen: false, answers: { 'residence.address': { number: 8 } } })
  })

  it('is refused with every fault and its place at once', async () => {
    const answers = { residency: 'castle', 'household.address': { ...home, number: 0 }, 'primary.status': 'yes', hobby: 'chess' }
    const refused = registration.guardianOf(families[3]!).fileForm({ params: params(3), body: { answers: { ...answers, 'household.address': home } } })
    await expect(refused).rejects.toMatchObject({
      type: 'unknown-field',
      faults: [
        { at: '/body/answers/hobby' }, { at: '/body/answers/residency' }, { at: '/body/answers/property.address' },
        { at: '/body/answers/residence.address' }, { at: '/body/answers/primary.status' },
      ],
    })
    await expect(registration.guardianOf(families[3]!).fileForm({ params: params(3), body: { answers: {} } })).rejects.toMatchObject({ type: 'invalid-input' })
    expect((await registration.sql.query('SELECT number FROM child WHERE id = $1', [params(3).child])).rows).toEqual([{ number: null }])
  })

  it('is in time one millisecond before the close and late at it, with the instant of closing', async () => {
    registration.clock.at = register.opensAt - 1
    await expect(file(4)).rejects.toMatchObject({ type: 'window-not-open' })
    registration.clock.at = register.closesAt - 1
    await expect(file(4)).resolves.toMatchObject({ revision: 1 })
    registration.clock.at = register.closesAt
    const late = { type: 'window-closed', closesAt: new Date(register.closesAt).toISOString() }
    await expect(file(5)).rejects.toMatchObject(late)
    await expect(file(4, { answers: { residency: 'permit' } })).rejects.toMatchObject(late)
    registration.clock.at = register.opensAt
  })

  it('is the guardian’s own matter, or the child’s district’s', async () => {
    const stranger = registration.guardianOf(families[6]!)
    await expect(stranger.fileForm({ params: params(7), body: { answers: ordinaryAnswers } })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(stranger.getForm({ params: params(0) })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.as({ ...DESK, district: 'd2' }).fileForm({ params: params(7), body: { answers: ordinaryAnswers } })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.as({ subject: 's', role: 'school', school: 'd1-first' }).fileForm({ params: params(7), body: { answers: ordinaryAnswers } })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.as(DESK).fileForm({ params: params(7), body: { answers: ordinaryAnswers } })).resolves.toMatchObject({ revision: 1 })
  })

  it('shows a guardian only their own children', async () => {
    const { children } = await registration.guardianOf(families[0]!).listMyChildren({ params: { season: SEASON } })
    expect(children).toEqual([{ child: params(0).child, name: families[0]!.name, district: 'd1', number: expect.any(String) as string }])
  })

  it('is refused in a phase the policy does not ask the child', async () => {
    const ownSchool = phaseById(registration.timeline, 'own-school-application')
    registration.clock.at = ownSchool.opensAt
    const staff = registration.as({ subject: 's', role: 'school', school: 'd1-first' })
    const refused = staff.fileForm({ params: params(0, 'own-school-application'), body: { answers: {}, signed: true } })
    await expect(refused).rejects.toMatchObject({ type: 'not-eligible', particulars: { explanation: { value: 'false' } } })
    registration.clock.at = register.opensAt
  })

  it('at a school’s desk is its own staff’s matter, and signed where the policy wants it', async () => {
    const graduate = makePerson(11, 900)
    await importCsv(registration.as(CITY), 'graduate', rosterOf(rowOf(graduate, { school: '民办九年一贯制', own: 'd1-first' })))
    const child = registration.childOf(graduate)
    await registration.guardianOf(graduate).fileForm({ params: { season: SEASON, phase: 'register', child }, body: { answers: ordinaryAnswers } })
    registration.clock.at = phaseById(registration.timeline, 'own-school-application').opensAt
    const apply = (school: string, signed: boolean) => registration.as({ subject: 's', role: 'school', school })
      .fileForm({ params: { season: SEASON, phase: 'own-school-application', child }, body: { answers: {}, signed } })
    await expect(apply('d1-second', true)).rejects.toMatchObject({ type: 'forbidden' })
    await expect(apply('d1-first', false)).rejects.toMatchObject({ type: 'invalid-input', faults: [{ at: '/body/signed' }] })
    await expect(apply('d1-first', true)).resolves.toMatchObject({ revision: 1, phase: 'own-school-application' })
    registration.clock.at = register.opensAt
  })

  it('is refused for an unknown child, phase and season', async () => {
    const api = registration.as(DESK)
    const nobody = registration.childOf(makePerson(99, 1))
    await expect(api.fileForm({ params: { ...params(0), child: nobody }, body: { answers: {} } })).rejects.toMatchObject({ type: 'unknown-child' })
    await expect(api.fileForm({ params: params(0, 'zoning'), body: { answers: {} } })).rejects.toMatchObject({ type: 'unknown-phase' })
    await expect(registration.guardianOf(families[0]!).listMyChildren({ params: { season: 'nowhere' } })).rejects.toMatchObject({ type: 'unknown-season' })
  })
})

describe('the close of a phase', () => {
  it('freezes every form, counts them, and sends the others on site, where a form is filed once', async () => {
    const service = registration.as(PLATFORM)
    const filed = Number((await registration.sql.query<{ filed: string }>(`SELECT count(*) AS filed FROM form WHERE phase = 'register'`)).rows[0]!.filed)
    const close = await service.closePhase({ params: { season: SEASON, phase: 'register' } })
    expect(close.count).toBe(filed)
    expect(await service.closePhase({ params: { season: SEASON, phase: 'register' } })).toEqual(close)
    const frozen = (await registration.events()).filter(({ type }) => type.includes('registration-frozen'))
    expect(frozen).toHaveLength(filed)
    expect(frozen.find(({ key }) => key === params(2).child)!.data).toMatchObject({ revision: 3, frozen: true, outcomes: { register: 'filed' } })
    expect(await registration.guardianOf(families[2]!).getForm({ params: params(2) })).toMatchObject({ revision: 3, frozen: true })

    registration.clock.at = phaseById(registration.timeline, 'register-on-site').opensAt
    const onSite = (at: number, answers = ordinaryAnswers) => registration.as(DESK).fileForm({ params: params(at, 'register-on-site'), body: { answers } })
    await expect(onSite(0)).rejects.toMatchObject({ type: 'not-eligible' })
    await expect(registration.guardianOf(families[8]!).fileForm({ params: params(8, 'register-on-site'), body: { answers: ordinaryAnswers } })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(onSite(8)).resolves.toMatchObject({ revision: 1, phase: 'register-on-site' })
    await expect(onSite(8)).resolves.toMatchObject({ revision: 1 })
    await expect(onSite(8, { ...ordinaryAnswers, residency: 'permit' })).rejects.toMatchObject({ type: 'not-amendable' })
    const outcome = await service.getOutcome({ params: { season: SEASON, phase: 'register', child: params(0).child } })
    expect(outcome).toMatchObject({ state: 'closed' })
  })

  it('refuses afterwards what was received in time but came too late to count', async () => {
    registration.clock.at = register.closesAt - 1
    await expect(file(9)).rejects.toMatchObject({ type: 'window-closed' })
  })
})
