import { ApplicationFailure } from '@temporalio/common'
import { FAILURES, type ApproveRequest, type RecheckRequest, type RoundStage, type RoundView } from '../../contracts/workflows.js'

/** Two pairs of eyes. */
export const OFFICERS = 2

const refusal = (type: string, message: string) => ApplicationFailure.create({ type, message, nonRetryable: true })

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless the round waits for the approval of this officer */
export function refuseApproval({ officer }: ApproveRequest, stage: RoundStage, approvedBy: readonly string[]): void {
  if (!officer) throw refusal(FAILURES.invalidInput, 'An approval names its officer')
  if (stage !== 'approving') throw refusal(FAILURES.roundConflict, `The round waits for no approval: it is ${stage}`)
  if (approvedBy.includes(officer)) throw refusal(FAILURES.roundConflict, 'Another officer has to approve as well')
}

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless the round is published but for groups that are held back */
export function refuseRecheck({ officer }: RecheckRequest, { stage, held }: RoundView): void {
  if (!officer) throw refusal(FAILURES.invalidInput, 'Who asks for another check is named')
  if (stage !== 'published' || !held) throw refusal(FAILURES.roundConflict, `No group of the round waits for another check: it is ${stage}`)
}
