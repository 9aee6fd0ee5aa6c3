import { describe, expect, it } from 'vitest'
import type { ChildFact } from '../../../contracts/facts.js'
import { phaseById } from '../../../policies/timeline.js'
import { childId, guardianOf, rosterFact, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness([])
const child = childId(1)
const params = { season: SEASON, phase: 'household-review', child }
const filed: ChildFact = {
  season: SEASON, child, aggregate: 'registration', id: 'household', revision: 1, facts: { route: 'zoned', disability: 'none' },
  outcomes: { 'household-application': 'filed' }, zones: { 'household.address': 'z1' },
}
const seenBy = async (role: 'guardian' | 'city') =>
  harness.api.getCase({ params, token: await harness.tokens.as({ role, subject: guardianOf(child) }) })

describe('a review whose outcomes are told on a day of their own', () => {
  it('stands where it began for its family until that day, and for nobody else', async () => {
    const timeline = await harness.install({}, 'jiulongpo-2023-primary')
    const publishAt = phaseById(timeline, 'household-review').publishAt!
    await harness.open(child, 'household-review', [rosterFact(child, { local: true }), filed])
    const token = await harness.tokens.as({ role: 'school', school: 's1', subject: 'reviewer' })
    await harness.api.decideCase({ params, body: { outcome: 'refused', reason: '不一致' }, token })
    harness.clock.set(publishAt - 1)
    expect(await seenBy('guardian')).toMatchObject({ state: 'at-school', revision: 0, steps: [], toldAt: new Date(publishAt).toISOString() })
    expect(await seenBy('city')).toMatchObject({ state: 'refused', steps: [{ outcome: 'refused' }] })
    harness.clock.set(publishAt)
    expect(await seenBy('guardian')).toMatchObject({ state: 'refused', revision: 1, steps: [{ reason: '不一致' }] })
  })
})
