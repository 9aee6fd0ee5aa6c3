import { DRAW_FORMAT, DRAW_STEPS, type DrawGroup, type DrawStepName, type DrawSteps, type DrawTranscript } from '../../../../contracts/draw.js'
import type { ResultFile } from '../../../../contracts/rounds.js'

/** What a step adds to the transcript: the freeze all that there is then, the draw tickets and results, every other its own member. */
export type StepBody = Partial<DrawTranscript> & { drawn?: { tickets: string[]; result: ResultFile }[] }

/** A step as it is stored. */
export interface StepRecord {
  step: DrawStepName
  body: StepBody
}

/** What is stored of the last step of a draw; of a freeze and a draw it has the lists. */
export function bodyOf(draw: DrawSteps, step: DrawStepName): StepBody {
  if (step === 'freeze') {
    const { format, rule, groups, freeze } = draw
    return { format, rule, groups: groups!.map(({ round, entries }) => ({ round, entries: entries.map(({ unit, leaf }) => ({ unit, leaf })) })), freeze }
  }
  const own = { [step]: draw[step] }
  return step === 'draw' ? { ...own, drawn: draw.groups!.map(({ entries, result }) => ({ tickets: entries.map(({ ticket }) => ticket!), result: result! })) } : own
}

/** The steps of a run in their order. */
export const inOrder = <R extends { step: DrawStepName }>(records: readonly R[]): R[] => DRAW_STEPS.flatMap((name) => records.find(({ step }) => step === name) ?? [])

/**
 * The transcript that the steps of a run make, in any order; without the result of a group that is held back.
 * @returns undefined without a freeze
 */
export function transcriptFrom(records: readonly StepRecord[]): DrawTranscript | undefined {
  const [first, ...later] = inOrder(records)
  if (first?.step !== 'freeze') return undefined
  const frozen = first.body as DrawTranscript
  const { drawn, ...steps } = Object.assign({}, ...later.map(({ body }) => body)) as StepBody
  const groups = frozen.groups.map((group, at): DrawGroup => {
    const more = drawn?.[at]
    if (!more) return group
    const isHeld = steps.check?.groups[at]?.agreed === false
    return { ...group, entries: group.entries.map((entry, index) => ({ ...entry, ticket: more.tickets[index]! })), ...(!isHeld && { result: more.result }) }
  })
  return { ...frozen, format: DRAW_FORMAT, groups, ...steps }
}
