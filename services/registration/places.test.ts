import { beforeAll, describe, expect, it } from 'vitest'
import { pgSql } from '../../platform/postgres/index.js'
import { phaseById } from '../../policies/timeline.js'
import { CITY, SEASON, home, importCsv, people, startRegistration, type Registration } from './registration.fixture.js'
import { writePlace } from './store/zones.js'

const [early, late, owner] = people(3)
const away = { ...home, street: '远街' }
const household = {
  route: 'zoned', 'household.address': home, 'household.since': '2017-03-01', 'household.head': 'parent', 'household.since-birth': true,
  'property.address': home, 'property.owner': 'guardian', 'property.parents-own': true, 'residence.address': away, disability: 'none',
}
let registration: Registration

const params = (person: typeof early, phase: string) => ({ season: SEASON, phase, child: registration.childOf(person!) })
const at = (phase: string) => { registration.clock.at = phaseById(registration.timeline, phase).opensAt }
const schoolAs = (school: string) => registration.as({ subject: `clerk-of-${school}`, role: 'school', school })
const factsOf = async (person: typeof early) =>
  (await registration.events()).filter(({ key, type }) => key === registration.childOf(person!) && type.includes('.registration-')).map(({ data }) => data['facts'])

beforeAll(async () => {
  registration = await startRegistration({ policy: 'jiulongpo-2023-primary' })
})

describe('a season with named places', () => {
  it('takes its roster, with the policy’s columns, once every place is mapped', async () => {
    const row = (person: typeof early) => [person!.name, person!.idNumber, person!.guardianName, person!.guardianIdNumber, 'd1', '是'].join(',')
    const roster = ['姓名,身份证号,监护人姓名,监护人身份证号,区,九龙坡区户籍', row(early), row(late), row(owner), ''].join('\n')
    const sql = pgSql(registration.sql)
    await writePlace(sql, SEASON, { id: 'huarun-24', addresses: [{ district: 'd1', street: '远街' }] })
    await expect(importCsv(registration.as(CITY), 'roster', roster)).rejects.toMatchObject({ type: 'not-yet' })
    await writePlace(sql, SEASON, { id: 'crowded-zones', addresses: [{ district: 'd1', street: ' 晨光 东街', to: 9 }] })
    expect(await importCsv(registration.as(CITY), 'roster', roster)).toMatchObject({ accepted: 3 })
    expect((await registration.events()).map(({ data }) => data['facts'])).toEqual(Array(3).fill({ local: true }))
  })

  it('states with each form in which places its addresses lie, and again when it is amended', async () => {
    at('household-application')
    const file = (answers: object) => registration.guardianOf(early!).fileForm({ params: params(early, 'household-application'), body: { answers: { ...household, ...answers } } })
    await file({})
    await file({ 'household.address': { ...home, number: 11 } })
    const [filed, amended] = await factsOf(early)
    expect(filed).toMatchObject({
      'household.address@crowded-zones': true, 'household.address@huarun-24': false, 'residence.address@crowded-zones': false, 'residence.address@huarun-24': true,
    })
    expect(amended).toMatchObject({ 'household.address@crowded-zones': false, 'property.address@crowded-zones': true })
    expect(JSON.stringify(amended)).not.toContain(home.street)
  })

  it('lets the school of the child’s zone file at its desk, and no other', async () => {
    at('household-late')
    const { route: _route, ...answers } = household
    const file = (school: string, over = {}) => schoolAs(school).fileForm({ params: params(late, 'household-late'), body: { answers: { ...answers, ...over } } })
    await expect(file('d1-second')).rejects.toMatchObject({ type: 'forbidden' })
    await expect(file('d1-first', { 'household.address': away })).rejects.toMatchObject({ type: 'forbidden' })
    await expect(registration.guardianOf(late!).fileForm({ params: params(late, 'household-late'), body: { answers } })).rejects.toMatchObject({ type: 'forbidden' })
    expect(await file('d1-first')).toMatchObject({ revision: 1 })
  })

  it('lets the school that the form names file a contract, and the district alone at a department’s desk', async () => {
    at('contract-application')
    const contract = { params: params(owner, 'contract-application'), body: { answers: { 'contract.school': 'd1-first' } } }
    await expect(schoolAs('d1-second').fileForm(contract)).rejects.toMatchObject({ type: 'forbidden' })
    expect(await schoolAs('d1-first').fileForm(contract)).toMatchObject({ revision: 1 })
    const special = { params: params(owner, 'special-application'), body: { answers: { 'special.group': 'martyr', 'special.wants': 'arranged', 'special.school': 'd1-first' } } }
    await expect(schoolAs('d1-first').fileForm(special)).rejects.toMatchObject({ type: 'forbidden' })
    expect(await registration.as({ subject: 'officer', role: 'district', district: 'd1' }).fileForm(special)).toMatchObject({ revision: 1 })
  })
})
