import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { QUERIES, SIGNALS, UPDATES, type ExtendAnswer, type ExtendRequest, type RoundStageSignal, type SeasonView } from '../../contracts/workflows.js'

export const seasonQuery = defineQuery<SeasonView>(QUERIES.getSeason)
export const extendUpdate = defineUpdate<ExtendAnswer, [ExtendRequest]>(UPDATES.extendPhase)
export const roundStageSignal = defineSignal<[RoundStageSignal]>(SIGNALS.roundStage)
