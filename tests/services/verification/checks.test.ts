import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChildFact } from '../../../contracts/facts.js'
import type { Plans } from '../../../infra/simulators/authority.js'
import type { Timeline } from '../../../policies/timeline.js'
import { childId, rosterFact, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness(['verification-inquiries'])
const WAIT = { timeout: 40_000, interval: 50 }
const home = { district: 'nanguan', street: '人民大街', number: 1, room: '' }
const declared = {
  route: 'zoned', disability: 'none', 'household.address': 'a', 'household.address@crowded-zones': true, 'household.address@huarun-24': false,
  'household.since': '2017-03-01', 'household.head': 'parent',
  'household.since-birth': true, 'property.address': 'a', 'property.owner': 'guardian', 'property.parents-own': true, 'residence.address': 'a',
}
const answers = { 'household.address': home, 'household.since': '2017-03-01', 'household.head': 'parent', 'household.since-birth': true, 'property.address': home }

/** A local child with a filed household form, and what authorities do about it. */
function meet(number: number, plan: Plans[string]): { child: string; facts: ChildFact[] } {
  const child = childId(number)
  const idNumber = `99000020100102${String(number).padStart(3, '0')}X`
  harness.people.set(child, { name: '安宁', idNumber, guardianName: '安明', guardianIdNumber: '990000198001010010', answers })
  harness.authorities.plan({ [idNumber]: plan })
  const filed: ChildFact = {
    season: SEASON, child, aggregate: 'registration', id: 'household', revision: 1, facts: declared, outcomes: { 'household-application': 'filed' },
    zones: { 'household.address': 'z1', 'residence.address': 'z1' },
  }
  return { child, facts: [rosterFact(child, { local: true }), filed] }
}
const stateOf = async (child: string, phase: string) =>
  (await harness.sql<{ state: string }>('SELECT state FROM case_file WHERE child = $1 AND phase = $2', [child, phase]))[0]?.state
const viewOf = async (child: string) =>
  harness.api.getCase({ params: { season: SEASON, phase: 'household-review', child }, token: await harness.tokens.as({ role: 'city' }) })

describe('checks by several authorities', () => {
  let timeline: Timeline
  beforeEach(async () => { timeline = await harness.install({}, 'jiulongpo-2023-primary') })

  it('state typed values of the facts that each authority answers', async () => {
    const { child, facts } = meet(1, { police: { does: 'match', values: { 'household.since': '2022-10-01' } }, 'student-records': { does: 'match', values: { 'dwelling.last-family': 'same', 'dwelling.last-admission': '2019-09-01' } } })
    for (const phase of ['police-check', 'records-check']) await harness.open(child, phase, facts)
    for (const phase of ['police-check', 'records-check']) await vi.waitFor(async () => expect(await stateOf(child, phase)).toBe('answered'), WAIT)
    const stated = (await harness.events(child)).map(({ data }) => [data.id, data.facts] as const)
    expect(Object.fromEntries(stated)).toEqual({
      'police-check': { 'household.address': 'a', 'household.address@crowded-zones': true, 'household.address@huarun-24': false, 'household.since': '2022-10-01', 'household.head': 'parent', 'household.since-birth': true },
      'records-check': { 'dwelling.last-family': 'same', 'dwelling.last-admission': '2019-09-01' },
    })
    expect(harness.authorities.asked('student-records')).toMatchObject({ match: 1 })
  })

  it('leave no value standing of which an authority says that there is none', async () => {
    const { child, facts } = meet(2, { police: { does: 'match', values: { 'household.since': null } } })
    await harness.open(child, 'police-check', facts)
    await vi.waitFor(async () => expect(await stateOf(child, 'police-check')).toBe('answered'), WAIT)
    expect((await harness.events(child))[0]?.data).toMatchObject({ none: ['household.since'], outcomes: { 'police-check': 'answered' } })
    await harness.open(child, 'household-review', facts)
    const { facts: known } = await viewOf(child)
    expect(known).toMatchObject({ 'household.address': 'a', 'household.address@crowded-zones': true })
    expect(known).not.toHaveProperty('household.since')
  })

  it('say of another address that nobody knows in which places it lies, until a review says so', async () => {
    const { child, facts } = meet(3, { police: { does: 'match', values: { 'household.address': 'differs' } } })
    await harness.open(child, 'police-check', facts)
    await vi.waitFor(async () => expect(await stateOf(child, 'police-check')).toBe('answered'), WAIT)
    await harness.open(child, 'household-review', facts)
    expect((await viewOf(child)).facts).not.toHaveProperty('household.address@crowded-zones')
    const token = await harness.tokens.as({ role: 'school', school: 's1', subject: 'reviewer' })
    const body = { outcome: 'approved' as const, findings: { 'household.address': 'differs', 'household.address@crowded-zones': false } }
    expect(await harness.api.decideCase({ params: { season: SEASON, phase: 'household-review', child }, token, body })).toMatchObject({ state: 'approved' })
    expect((await viewOf(child)).facts).toMatchObject({ 'household.address@crowded-zones': false })
    const reviewed = (await harness.events(child)).find(({ data }) => data.id === 'household-review')
    expect(reviewed?.data).toMatchObject({ facts: { 'household.address@crowded-zones': false }, none: ['household.address@huarun-24'] })
  })

  it('ask again where an answer does not fit what was asked, and do not tell the value', async () => {
    const { child, facts } = meet(4, { police: { does: 'match', values: { 'household.head': 'uncle' } } })
    await harness.open(child, 'police-check', facts)
    await vi.waitFor(async () => expect(await harness.sql('SELECT last_error FROM question WHERE child = $1 AND attempts > 1', [child])).toEqual([{ last_error: 'UnfitAnswer' }]), WAIT)
    expect(await harness.events(child)).toEqual([])
  })

  it('refuse a season whose policy asks an authority that is not configured', async () => {
    const phases = timeline.phases.map((phase) => (phase.kind === 'check' && phase.id === 'points-check' ? { ...phase, by: ['tax-office'] } : phase))
    await expect(harness.api.installSeason({ params: { season: 'taxed-2023' }, body: { timeline: { ...timeline, phases } } }))
      .rejects.toMatchObject({ type: 'unknown-authority', particulars: { unknown: [{ phase: 'points-check', authority: 'tax-office' }] } })
    await expect(harness.api.getSeason({ params: { season: 'taxed-2023' } })).rejects.toMatchObject({ type: 'unknown-season' })
  })
})
