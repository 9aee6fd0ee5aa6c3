import { DRAW_STEPS, type DrawStepName, type DrawSteps } from '../../../../contracts/draw.js'
import { isEnough } from './reveals.js'

/** How far a draw is. */
export interface Standing {
  /** The last step that is done, and its hash. */
  step: DrawStepName
  hash: string
  /** Groups that the check has held back. */
  held: string[]
  /** Too few witnesses have revealed. */
  again?: true
}

export function standingOf(draw: DrawSteps): Standing {
  const step = DRAW_STEPS.findLast((name) => draw[name] !== undefined)!
  const { commit, reveal, check } = draw
  return {
    step,
    hash: draw[step]!.hash,
    held: (check?.groups ?? []).flatMap(({ id, agreed }) => (agreed ? [] : [id])),
    ...(commit && reveal && !isEnough(commit, reveal.parts) && { again: true as const }),
  }
}
