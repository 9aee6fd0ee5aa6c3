import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { QUERIES, SIGNALS, UPDATES, type ApproveAnswer, type ApproveRequest, type RoundStageSignal, type RoundView } from '../../contracts/workflows.js'

export const roundQuery = defineQuery<RoundView>(QUERIES.getRound)
export const approveUpdate = defineUpdate<ApproveAnswer, [ApproveRequest]>(UPDATES.approve)
/** To the season's workflow. */
export const roundStageSignal = defineSignal<[RoundStageSignal]>(SIGNALS.roundStage)
