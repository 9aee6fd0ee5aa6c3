import type { ChildFact } from '../../../contracts/facts.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Reply } from './answer.js'
import type { Case } from './case.js'
import { unsaidPlaces } from './findings.js'

/**
 * The snapshot a case states: its facts so far and, once there is one, its outcome. Of an address that it states, a
 * place of which it says nothing has no value any more: what was said was said of another address.
 * @param revision one higher than the case's
 * @param unmet needed rules that are the ground of a refusal
 */
export function caseFact(
  timeline: Timeline,
  { season, child, phase }: Pick<Case, 'season' | 'child' | 'phase'>,
  revision: number,
  { facts, none = [] }: Pick<Reply, 'facts'> & Partial<Reply>,
  outcome: string | undefined,
  unmet: readonly string[] = [],
): ChildFact {
  const gone = [...none, ...unsaidPlaces(timeline, [...Object.keys(facts), ...none], facts)]
  return {
    season, child, aggregate: 'case', id: phase, revision, facts,
    ...(gone.length > 0 && { none: gone }),
    ...(outcome !== undefined && { outcomes: { [phase]: outcome } }),
    ...(unmet.length > 0 && { unmet: [...unmet] }),
  }
}
