import { drawFile } from '../../../../../contracts/files/draw.js'
import type { DrawTranscript } from '../../../../../contracts/draw.js'
import type { Fault } from '../../../../../contracts/problems.js'
import { faultsOf } from '../../../../../platform/faults.js'

/**
 * Reads a transcript from parsed JSON.
 * @returns the transcript, or why it is none, each fault with its JSON pointer
 */
export function readDraw(input: unknown): { transcript: DrawTranscript; faults?: never } | { faults: Fault[]; transcript?: never } {
  const { error } = drawFile.safeParse(input)
  return error ? { faults: faultsOf(error) } : { transcript: input as DrawTranscript }
}
