import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import type { Case } from './case.js'

/**
 * The snapshot a case states: its facts so far and, once there is one, its outcome.
 * @param revision one higher than the case's
 */
export const caseFact = (
  { season, child, phase }: Pick<Case, 'season' | 'child' | 'phase'>,
  revision: number,
  facts: Record<string, FactValue>,
  outcome: string | undefined,
): ChildFact => ({
  season, child, aggregate: 'case', id: phase, revision, facts,
  ...(outcome !== undefined && { outcomes: { [phase]: outcome } }),
})
