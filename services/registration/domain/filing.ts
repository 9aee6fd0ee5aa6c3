import type { FactValue } from '../../../contracts/facts.js'
import type { Role } from '../../../contracts/roles.js'
import { placingAddress, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { ProblemType } from '../../../contracts/problems.js'
import { canonicalJson } from '../../../platform/crypto.js'
import type { Address } from './address.js'
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

/** Desks where schools file; at every other one the district's staff do. */
const SCHOOL_DESKS = ['school', 'zoned-school']

/** Who may file in a phase: at a desk its staff alone, else a guardian or the district helping one. */
export function mayFile(phase: TimelinePhaseOf<'registration'>, role: Role): boolean {
  if (phase.desk === undefined) return role === 'guardian' || role === 'district'
  return role === 'district' || (role === 'school' && SCHOOL_DESKS.includes(phase.desk))
}

/** Whose staff may file a form at a desk of schools. */
export type DeskSchools =
  | { kind: 'any' }
  | { kind: 'named'; schools: FactValue[] }
  /** The schools in whose zone this lies; of no zone where the form has no such address. */
  | { kind: 'zoned'; address: Address | undefined }

/**
 * Whose staff may file: at a zoned school's desk those in whose zone the child is placed; at a school's desk the one
 * that the form names, or, where it asks for none, those with which the child has to do by the roster.
 * @param rosterFacts the child's
 */
export function deskSchools(
  timeline: Timeline, phase: TimelinePhaseOf<'registration'>, answers: Answers, rosterFacts: Record<string, FactValue>,
): DeskSchools {
  if (phase.desk === 'zoned-school') {
    const answer = answers[placingAddress(timeline, phase) ?? '']
    return { kind: 'zoned', address: typeof answer === 'object' ? answer : undefined }
  }
  const isSchool = (id: string) => timeline.facts[id]?.type === 'school'
  const asked = phase.asks.filter(isSchool)
  if (asked.length > 0) return { kind: 'named', schools: asked.flatMap((id) => (typeof answers[id] === 'string' ? [answers[id]] : [])) }
  const schools = Object.entries(rosterFacts).filter(([id]) => isSchool(id)).map(([, school]) => school)
  return schools.length > 0 ? { kind: 'named', schools } : { kind: 'any' }
}
