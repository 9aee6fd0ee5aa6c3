import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { EnrollmentView } from '../../contracts/enrollment.js'
import { QUERIES, SIGNALS, UPDATES, type ArrangeAnswer, type ArrangeRequest, type FactSignal, type FlagSignal } from '../../contracts/workflows.js'

export const factSignal = defineSignal<[FactSignal]>(SIGNALS.fact)
export const flagSignal = defineSignal<[FlagSignal]>(SIGNALS.flagForArrangement)
export const arrangeUpdate = defineUpdate<ArrangeAnswer, [ArrangeRequest]>(UPDATES.arrange)
export const enrollmentQuery = defineQuery<EnrollmentView>(QUERIES.getEnrollment)
