import { DRAW_STEPS, type DrawStepName, type DrawTranscript } from '../../../../../contracts/draw.js'
import { stepHash } from '../digest.js'
import type { Findings } from './finding.js'

/** The steps of a transcript by their hashes. */
export interface Chain {
  /** The steps that are there, as far as none is missing before them. */
  steps: DrawStepName[]
  /** Whether the step gives its own hash. */
  isIntact(step: DrawStepName): boolean
  /** The step's hash; what it was before it was changed, where the next step still knows. */
  hashOf(step: DrawStepName): string
}

/** A step may be done at the same instant as the one before only where nothing has to become known in between. */
const AT_ONCE: readonly DrawStepName[] = ['draw', 'check', 'publish']

/** Checks that the steps are there in their order, contain each other's hashes and give their own. */
export function checkChain(transcript: DrawTranscript, findings: Findings): Chain {
  const missing = DRAW_STEPS.findIndex((step) => transcript[step] === undefined)
  const steps = DRAW_STEPS.slice(0, missing < 0 ? undefined : missing)
  const later = DRAW_STEPS.slice(steps.length).find((step) => transcript[step] !== undefined)
  if (later !== undefined) findings.add(DRAW_STEPS[steps.length]!, [DRAW_STEPS[steps.length]!], 'step-missing', { found: later })
  const { freeze } = transcript
  if ((freeze.run > 1) !== (freeze.previous !== undefined)) findings.add('freeze', ['freeze', 'previous'], 'previous-unexpected')
  const computed = new Map(steps.map((step) => [step, stepHash(transcript[step]!)]))
  const isIntact = (step: DrawStepName) => computed.get(step) === transcript[step]!.hash
  for (const [index, step] of steps.entries()) {
    const { hash } = transcript[step]!
    const next = steps[index + 1]
    const known = next && transcript[next]!.previous
    if (!isIntact(step)) findings.add(step, known === computed.get(step) ? [step, 'hash'] : [step], known === computed.get(step) ? 'hash-changed' : 'step-changed', { computed: computed.get(step), found: hash })
    if (next && known !== hash && known !== computed.get(step)) findings.add(next, [next, 'previous'], 'previous-differs', { computed: hash, found: known })
    if (next) checkInstants(transcript[step]!.at, transcript[next]!.at, next, findings)
  }
  const hashOf = (step: DrawStepName) => {
    const next = steps[steps.indexOf(step) + 1]
    const known = next && transcript[next]!.previous
    return known === computed.get(step) ? known! : transcript[step]!.hash
  }
  return { steps, isIntact, hashOf }
}

function checkInstants(before: string, at: string, step: DrawStepName, findings: Findings): void {
  if (at < before || (at === before && !AT_ONCE.includes(step))) findings.add(step, [step, 'at'], 'too-early', { computed: before, found: at })
}
