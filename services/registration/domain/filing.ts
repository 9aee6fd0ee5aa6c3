import type { FactValue } from '../../../contracts/facts.js'
import type { Role } from '../../../contracts/roles.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import type { ProblemType } from '../../../contracts/problems.js'
import { canonicalJson } from '../../../platform/crypto.js'
import type { Answers } from './answers.js'

export interface Filed {
  phase: string
  revision: number
  frozen: boolean
  answers: Answers
}

export type Filing =
  /** Nothing was filed, or only through the phase that this one replaces. */
  | { kind: 'file'; revision: number }
  | { kind: 'amend'; revision: number }
  /** The same answers stand already. */
  | { kind: 'repeat' }
  | { kind: 'refuse'; type: ProblemType; detail: string }

/**
 * What a submission does to what stands.
 * @param based the revision the sender amends; absent: whatever stands
 */
export function decideFiling(
  phase: TimelinePhaseOf<'registration'>,
  filed: Filed | undefined,
  answers: Answers,
  based: number | undefined,
): Filing {
  if (!filed) return { kind: 'file', revision: 1 }
  if (filed.phase !== phase.id) {
    return filed.phase === phase.replaces
      ? { kind: 'file', revision: filed.revision + 1 }
      : { kind: 'refuse', type: 'not-eligible', detail: `The form was filed through ${filed.phase}` }
  }
  if (canonicalJson(filed.answers) === canonicalJson(answers)) return { kind: 'repeat' }
  if (phase.amend === 'never' || filed.frozen) {
    return { kind: 'refuse', type: 'not-amendable', detail: `What was filed in ${phase.id} cannot be changed` }
  }
  if (based !== undefined && based !== filed.revision) {
    return { kind: 'refuse', type: 'stale-revision', detail: `Revision ${filed.revision} stands, not ${based}` }
  }
  return { kind: 'amend', revision: filed.revision + 1 }
}

/** Who may file in a phase: at a desk its staff alone, else a guardian or the district helping one. */
export function mayFile(phase: TimelinePhaseOf<'registration'>, role: Role): boolean {
  if (phase.desk === undefined) return role === 'guardian' || role === 'district'
  return phase.desk === 'school' ? role === 'school' || role === 'district' : role === 'district'
}

/**
 * Whether a school's staff may file for a child: where the roster says which schools the child has to do with, only
 * theirs.
 * @param rosterFacts the child's
 */
export function isSchoolsOwn(timeline: Timeline, rosterFacts: Record<string, FactValue>, school: string | undefined): boolean {
  const schools = Object.entries(rosterFacts).filter(([id]) => timeline.facts[id]?.type === 'school').map(([, value]) => value)
  return schools.length === 0 || (school !== undefined && schools.includes(school))
}
