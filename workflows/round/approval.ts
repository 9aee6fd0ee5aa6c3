import { FAILURES, type ApproveRequest, type RecheckRequest, type RestartRequest, type RoundStage, type RoundView, type VoidRequest } from '../../contracts/workflows.js'
import { refusal } from '../refusal.js'

/** Two pairs of eyes. */
export const OFFICERS = 2

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless the round waits for the approval of this officer */
export function refuseApproval({ officer }: ApproveRequest, { stage, approvedBy = [] }: RoundView): void {
  if (!officer) throw refusal(FAILURES.invalidInput, 'An approval names its officer')
  if (stage !== 'approving') throw refusal(FAILURES.roundConflict, `The round waits for no approval: it is ${stage}`)
  if (approvedBy.includes(officer)) throw refusal(FAILURES.roundConflict, 'Another officer has to approve as well')
}

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless the round is published but for groups that are held back */
export function refuseRecheck({ officer }: RecheckRequest, { stage, held }: RoundView): void {
  if (!officer) throw refusal(FAILURES.invalidInput, 'Who asks for another check is named')
  if (stage !== 'published' || !held) throw refusal(FAILURES.roundConflict, `No group of the round waits for another check: it is ${stage}`)
}

/** From the freeze until the publication begins. */
const NOT_PUBLIC: readonly RoundStage[] = ['committing', 'revealing', 'deciding', 'checking', 'approving', 'embargoed']

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless a run stands of which nothing is public, and this officer has not asked yet */
export function refuseVoid({ officer, reason }: VoidRequest, { stage, supplement, voidAskedBy = [] }: RoundView): void {
  if (!officer || !reason?.trim()) throw refusal(FAILURES.invalidInput, 'Who declares a run void names the reason')
  if (supplement !== undefined) throw refusal(FAILURES.roundConflict, 'Results of the round are public: they stand')
  if (!NOT_PUBLIC.includes(stage)) throw refusal(FAILURES.roundConflict, `No run of the round can be void: it is ${stage}`)
  if (voidAskedBy.includes(officer)) throw refusal(FAILURES.roundConflict, 'Another officer has to ask for it as well')
  if (voidAskedBy.length >= OFFICERS) throw refusal(FAILURES.roundConflict, 'Two officers have asked for it')
}

/** @throws ApplicationFailure `invalid-input`, `round-conflict` unless the run of the round is void */
export function refuseRestart({ officer }: RestartRequest, { stage }: RoundView): void {
  if (!officer) throw refusal(FAILURES.invalidInput, 'Who begins a round again is named')
  if (stage !== 'void') throw refusal(FAILURES.roundConflict, `No run of the round is void: it is ${stage}`)
}
