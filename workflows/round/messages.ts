import { defineQuery, defineSignal } from '@temporalio/workflow'
import { QUERIES, SIGNALS, type RoundStageSignal, type RoundView } from '../../contracts/workflows.js'

export const roundQuery = defineQuery<RoundView>(QUERIES.getRound)
/** To the season's workflow. */
export const roundStageSignal = defineSignal<[RoundStageSignal]>(SIGNALS.roundStage)
