import type { z } from 'zod'
import type { caseView } from '../../../contracts/http/verification.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { isFinal, type Case } from './case.js'
import { withFindings } from './findings.js'
import { judgeRules, valuesThatMatter } from './rules.js'

export type CaseView = z.input<typeof caseView>

/** A case as an office or a guardian sees it: with its rules judged and explained by what is known now. */
export function viewOf(timeline: Timeline, phase: TimelinePhaseOf<'check' | 'review'>, theCase: Case, facts: readonly ChildFact[]): CaseView {
  const folded = foldKnowledge(timeline, facts)
  const knowledge = isFinal(theCase.state) ? folded : withFindings(timeline, folded, theCase.findings)
  const { child, kind, state, school, district, revision } = theCase
  return {
    child,
    phase: phase.id,
    kind,
    state,
    ...(school !== undefined && { school }),
    ...(district !== undefined && { district }),
    revision,
    facts: valuesThatMatter(timeline, phase, knowledge),
    rules: judgeRules(timeline, phase, knowledge),
    steps: theCase.steps.map(({ by, outcome, reason, receivedAt }) => ({
      by, outcome, ...(reason !== undefined && { reason }), receivedAt: new Date(receivedAt).toISOString(),
    })),
  }
}
