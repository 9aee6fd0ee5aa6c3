import type { DrawTranscript } from '../../../../contracts/draw.js'
import type { Fault } from '../../../../contracts/problems.js'
import { checkRound } from '../rounds/engine/faults.js'
import { reported } from '../rounds/engine/report.js'
import { readDraw } from './verify/read.js'

/** Any hex: whether a round lacks a seed is no matter before the draw. */
const SOME_SEED = '00'

/** Why a list that was just frozen can never be drawn and verified, each fault with its JSON pointer; empty if it can. */
export function frozenFaults(frozen: DrawTranscript): Fault[] {
  const { faults = [] } = readDraw(frozen)
  if (faults.length > 0) return faults
  return frozen.groups.flatMap(({ round }, index) =>
    reported((report) => checkRound({ ...round, seed: SOME_SEED }, report)).map(({ at, message }) => ({ at: `/groups/${index}/round${at}`, message })))
}
