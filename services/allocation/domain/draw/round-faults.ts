import type { DrawRound } from '../../../../contracts/draw.js'
import type { Fault } from '../../../../contracts/problems.js'
import { checkRound } from '../rounds/engine/faults.js'
import { reported } from '../rounds/engine/report.js'

/** Any hex: whether a round lacks a seed is no matter before the draw. */
const SOME_SEED = '00'

/** What is wrong with a round whose seed is still to come, each with its JSON pointer into the round. */
export const roundFaults = (round: DrawRound): Fault[] => reported((report) => checkRound({ ...round, seed: SOME_SEED }, report))
