import { proxyActivities } from '@temporalio/workflow'
import type { RoundActivities } from '../../activities/ports.js'
import { FAILURES } from '../../contracts/workflows.js'

/**
 * Each works on all children of the round and is idempotent. Tried until it comes through: a freeze has no answer yet
 * while the allocation's copy of the others' facts is behind, a commit and a reveal while witnesses have time. That a
 * worker has died in one of them is noticed by its missing heartbeats, before the time for a whole city is over.
 */
export const { freezeRound, commitRound, revealRound, drawRound, checkRound, proposeRound, publishRound } = proxyActivities<RoundActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
})

/** Officers wait for this one, and its refusal is the answer: tried for a short while only. */
export const { voidRound } = proxyActivities<RoundActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  scheduleToCloseTimeout: '3 minutes',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds', nonRetryableErrorTypes: [FAILURES.roundConflict] },
})
