import type { SchoolId } from '../../../../../contracts/ids.js'
import type { ApplicantId, Assignment, RoundSchool } from '../../../../../contracts/rounds.js'

/** Keeps count of the free seats of schools, and of who left them. */
export class Vacancies {
  private readonly left: Map<SchoolId, number>
  private readonly leavers: Map<SchoolId, ApplicantId[]>

  /** @param gone those who waive, whose seats are free */
  constructor(schools: readonly RoundSchool[], assignments: readonly Assignment[], gone: ReadonlySet<ApplicantId>) {
    this.left = new Map(schools.map(({ id, plan }) => [id, plan]))
    this.leavers = new Map(schools.map(({ id }) => [id, []]))
    for (const { school } of assignments) if (school !== null) this.left.set(school, this.left.get(school)! - 1)
    for (const { applicant, school } of assignments) if (school !== null && gone.has(applicant)) this.leave(school, applicant)
  }

  leave(school: SchoolId, applicant: ApplicantId): void {
    this.left.set(school, this.left.get(school)! + 1)
    this.leavers.get(school)!.push(applicant)
  }

  /** Takes a seat: of who left first, or one that had been free; or none is left, and the child is over plan. */
  take(school: SchoolId): { reason: 'moved-up' | 'over-plan'; seatOf: ApplicantId | null } {
    const left = this.left.get(school)!
    this.left.set(school, left - 1)
    if (left <= 0) return { reason: 'over-plan', seatOf: null }
    return { reason: 'moved-up', seatOf: this.leavers.get(school)!.shift() ?? null }
  }
}
