import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { EnrollmentActivities } from '../../activities/ports.js'
import { LOCAL } from '../local.js'

/** Questions and announcements. */
export const { askOutcome, publishEnrollment } = proxyLocalActivities<EnrollmentActivities>(LOCAL)

/**
 * Commands to a service, idempotent by their key: what an operator looks for in a history. Tried until they
 * come through, and soon after an outage, since people wait for a case; a refusal of the domain is final.
 */
export const { openCase, issuePaper, release } = proxyActivities<EnrollmentActivities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '10 seconds' },
})

/** A person at the desk waits for this one: tried for a short while only, then the desk is told so. */
export const { arrange } = proxyActivities<EnrollmentActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
})
