import type { DrawTranscript } from '../../../../contracts/draw.js'
import type { Fault } from '../../../../contracts/problems.js'
import { roundFaults } from './round-faults.js'
import { readDraw } from './verify/read.js'

/** Why a list that was just frozen can never be drawn and verified, each fault with its JSON pointer; empty if it can. */
export function frozenFaults(frozen: DrawTranscript): Fault[] {
  const { faults = [] } = readDraw(frozen)
  if (faults.length > 0) return faults
  return frozen.groups.flatMap(({ round }, index) => roundFaults(round).map(({ at, message }) => ({ at: `/groups/${index}/round${at}`, message })))
}
