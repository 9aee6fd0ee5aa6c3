export const CHECKS = ['quiescence', 'seats', 'deadlines', 'lost', 'ends', 'agreement', 'rounds'] as const
/**
 * `seats` no child with two taken seats and no school beyond its rows, `deadlines` nothing accepted outside its
 * window, `lost` nothing acknowledged and gone, `ends` every child in exactly one end state, which the policy gives it,
 * `agreement` databases, event log and workflows say the same, `rounds` every list is what the policy makes of the facts
 * before its freeze, every round computes again from its record, and the officers whom the policy asks approved it.
 */
export type CheckName = (typeof CHECKS)[number]

export interface Violation {
  check: CheckName
  what: string
  /** The child, school, phase or receipt it is about; opaque ids only. */
  where: string
}

/** What the audit looked at, so that a verdict over nothing is seen as one. */
export type Counted = Record<'children' | 'events' | 'facts' | 'seats' | 'receipts' | 'acceptances' | 'rounds' | 'workflows', number>

export interface AuditReport {
  ok: boolean
  violations: Violation[]
  counted: Counted
}
