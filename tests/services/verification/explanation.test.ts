import { describe, expect, it } from 'vitest'
import { MATCHING } from '../../../policies/jiulongpo.fixture.js'
import { childId, filedFact, guardianOf, rosterFact, SEASON } from '../support.js'
import { verificationHarness } from './harness.js'

const harness = verificationHarness([])
const child = childId(1)
const guardian = (of: string) => harness.tokens.as({ role: 'guardian', subject: guardianOf(of) })
const explain = async (token: Promise<string>, of = child) => harness.api.explainChild({ params: { season: SEASON, child: of }, token: await token })
const know = (fact: { child: string; aggregate: string; id: string; revision: number }) =>
  harness.sql('INSERT INTO platform.child_fact VALUES ($1, $2, $3, $4, $5, $6)', [SEASON, fact.child, fact.aggregate, fact.id, fact.revision, JSON.stringify(fact)])

describe('the explanation of a child', () => {
  it('is read by its guardian and its district, and by nobody else’s', async () => {
    await harness.install({}, 'jiulongpo-2023-primary')
    await know(rosterFact(child))
    await know({ ...filedFact(child), id: 'household', facts: MATCHING, outcomes: { 'household-application': 'filed' } } as never)
    const { policy, rules } = await explain(guardian(child))
    expect(policy.id).toBe('jiulongpo-2023-primary')
    expect(rules.find(({ rule }) => rule === 'three-match')).toMatchObject({ verdict: 'unknown', says: expect.stringContaining('三对口:') as string })
    expect(rules.find(({ rule }) => rule === 'one-year-before')?.because).toMatchObject([{ value: 'unknown', facts: [{ source: 'declared', known: false }] }])
    expect((await explain(harness.tokens.as({ role: 'district', district: 'nanguan' }))).rules).toEqual(rules)
    await expect(explain(guardian(childId(2)))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(explain(harness.tokens.as({ role: 'district', district: 'chaoyang' }))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(explain(harness.tokens.as({ role: 'city' }), childId(2))).rejects.toMatchObject({ type: 'unknown-child' })
  })
})
