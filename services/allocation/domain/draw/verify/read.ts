import { z } from 'zod'
import { drawFile, inclusionProof } from '../../../../../contracts/files/draw.js'
import type { DrawTranscript, InclusionProof } from '../../../../../contracts/draw.js'
import type { Fault } from '../../../../../contracts/problems.js'
import { faultsOf } from '../../../../../platform/faults.js'

/** Where a file is not of its form: a member is missing or too many, or a value is not what it must be. */
export interface FormFault extends Fault {
  kind: 'missing' | 'too-many' | 'form'
}

/**
 * Reads a transcript from parsed JSON.
 * @returns the transcript, or why it is none, each fault with its JSON pointer
 */
export function readDraw(input: unknown): { transcript: DrawTranscript; faults?: never } | { faults: FormFault[]; transcript?: never } {
  const faults = formFaults(drawFile, input)
  return faults ? { faults } : { transcript: input as DrawTranscript }
}

/** Reads a proof of inclusion from parsed JSON, as `readDraw` a transcript. */
export function readProof(input: unknown): { proof: InclusionProof; faults?: never } | { faults: FormFault[]; proof?: never } {
  const faults = formFaults(inclusionProof, input)
  return faults ? { faults } : { proof: input as InclusionProof }
}

function formFaults(form: z.ZodType, input: unknown): FormFault[] | undefined {
  const { error } = form.safeParse(input, { reportInput: true })
  return error?.issues.flatMap((issue) => faultsOf(new z.ZodError([issue])).map((fault) => ({ ...fault, kind: kindOf(issue) })))
}

function kindOf(issue: z.core.$ZodIssue): FormFault['kind'] {
  if (issue.code === 'unrecognized_keys') return 'too-many'
  return issue.code === 'invalid_type' && issue.input === undefined ? 'missing' : 'form'
}
