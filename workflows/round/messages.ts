import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { QUERIES, SIGNALS, UPDATES, type ApproveAnswer, type ApproveRequest, type RecheckAnswer, type RecheckRequest, type RestartAnswer, type RestartRequest, type RoundStageSignal, type RoundView, type VoidAnswer, type VoidRequest } from '../../contracts/workflows.js'

export const roundQuery = defineQuery<RoundView>(QUERIES.getRound)
export const approveUpdate = defineUpdate<ApproveAnswer, [ApproveRequest]>(UPDATES.approve)
export const recheckUpdate = defineUpdate<RecheckAnswer, [RecheckRequest]>(UPDATES.recheck)
export const voidUpdate = defineUpdate<VoidAnswer, [VoidRequest]>(UPDATES.void)
export const restartUpdate = defineUpdate<RestartAnswer, [RestartRequest]>(UPDATES.restart)
/** To the season's workflow. */
export const roundStageSignal = defineSignal<[RoundStageSignal]>(SIGNALS.roundStage)
