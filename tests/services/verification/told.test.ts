import { describe, expect, it } from 'vitest'
import type { ChildFact } from '../../../contracts/facts.js'
import { childId, guardianOf, NOW, rosterFact, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness([])
const child = childId(1)
const params = { season: SEASON, phase: 'household-review', child }
const filed: ChildFact = {
  season: SEASON, child, aggregate: 'registration', id: 'household', revision: 1,
  facts: { route: 'zoned', disability: 'none', 'household.address': 'a', 'household.since': '2017-03-01', 'property.address': 'a', 'residence.address': 'a' },
  outcomes: { 'household-application': 'filed' }, zones: { 'household.address': 'z1' },
}
const as = (role: 'guardian' | 'city') => harness.tokens.as({ role, subject: guardianOf(child) })
const seenBy = async (role: 'guardian' | 'city') => {
  const token = await as(role)
  const { toldAt, ...view } = await harness.api.getCase({ params, token })
  return { toldAt, view, explained: await harness.api.explainChild({ params: { season: SEASON, child }, token }) }
}

describe('a review whose outcomes are told on a day of their own', () => {
  it('stands where it began for its family until that day, with nothing that it found, and for nobody else', async () => {
    const toldAt = NOW + 60_000
    await harness.install({ 'household-review': { publishAt: toldAt } }, 'jiulongpo-2023-primary')
    harness.clock.set(toldAt - 1)
    await harness.open(child, 'household-review', [rosterFact(child, { local: true }), filed])
    const begun = await seenBy('guardian')
    expect(begun).toMatchObject({ toldAt: new Date(toldAt).toISOString(), view: { state: 'at-school', steps: [] } })

    const token = await harness.tokens.as({ role: 'school', school: 's1', subject: 'reviewer' })
    const findings = { 'household.address': 'differs' }
    await harness.api.decideCase({ params, body: { outcome: 'refused', reason: '不一致', findings }, token })
    const decided = await seenBy('city')
    expect(decided.view).toMatchObject({ state: 'refused', steps: [{ outcome: 'refused' }] })
    expect(decided.view.rules).not.toEqual(begun.view.rules)
    expect(decided.explained).not.toEqual(begun.explained)
    expect(await seenBy('guardian')).toEqual(begun)

    harness.clock.set(toldAt)
    expect(await seenBy('guardian')).toEqual(decided)
  })
})
