import { proxyActivities } from '@temporalio/workflow'
import type { RoundActivities } from '../../activities/ports.js'

/**
 * Each works on all children of the round and is idempotent. Tried until it comes through: a freeze has no answer yet
 * while the allocation's copy of the others' facts is behind, a commit and a reveal while witnesses have time.
 */
export const { freezeRound, commitRound, revealRound, drawRound, checkRound, proposeRound, publishRound } = proxyActivities<RoundActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
})
