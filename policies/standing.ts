import type { PhaseId } from './language.js'
import { evaluate, truthOf, type EvaluationOptions, type Explanation } from './conditions.js'
import { endOf, holdsSeatOf, type Knowledge } from './knowledge.js'
import { phaseById, type OutcomeRef, type Timeline, type TimelinePhase } from './timeline.js'
import { allOf, anyOf, type Truth } from './truth.js'

/** Whether a phase asks a child, and why. */
export interface Standing {
  phase: PhaseId
  allowed: 'yes' | 'no' | 'unknown'
  /** The child's outcome of this phase, if there is one already. */
  outcome?: string
  barredBy?: OutcomeRef
  sentBy?: OutcomeRef
  /** What ended the child's season before. */
  endedBy?: OutcomeRef | 'withdrawn'
  explanation: Explanation
}

/**
 * May this child enter this phase? `who`, or an outcome elsewhere that sends the child here; and no outcome
 * elsewhere that bars it; and what the kind asks for: a check-in or confirmation a seat held from its rounds,
 * an arrangement or closing that there is none, a registration that no other phase filed the form. What the
 * kind asks for counts until the child has an outcome here: who came no longer holds the seat.
 */
export function standing(timeline: Timeline, phaseId: PhaseId, knowledge: Knowledge, options: EvaluationOptions = {}): Standing {
  const phase = phaseById(timeline, phaseId)
  const outcome = knowledge.outcomes[phaseId]
  const barredBy = phase.barredBy.find((ref) => knowledge.outcomes[ref.phase] === ref.outcome)
  const sentBy = phase.sentBy.find((ref) => knowledge.outcomes[ref.phase] === ref.outcome)
  const endedBy = endedBefore(timeline, phase, knowledge)
  const explanation = explainEntry(timeline, phase, knowledge, options)
  return {
    phase: phaseId,
    allowed: explanation.value === 'true' ? 'yes' : explanation.value === 'false' ? 'no' : 'unknown',
    ...(outcome ? { outcome } : {}),
    ...(barredBy ? { barredBy } : {}),
    ...(sentBy ? { sentBy } : {}),
    ...(endedBy ? { endedBy } : {}),
    explanation,
  }
}

/** The same answer as {@link standing}, without its reasons: the first condition that is false settles it. */
export function mayEnter(timeline: Timeline, phaseId: PhaseId, knowledge: Knowledge, options: EvaluationOptions = {}): Standing['allowed'] {
  let allowed: Standing['allowed'] = 'yes'
  for (const { value } of conditionsOf(timeline, phaseById(timeline, phaseId), knowledge, options)) {
    const holds = value()
    if (holds === 'false') return 'no'
    if (holds === 'unknown') allowed = 'unknown'
  }
  return allowed
}

interface EntryCondition {
  test: string
  value: () => Truth
  tree?: () => Explanation[]
}

function conditionsOf(timeline: Timeline, phase: TimelinePhase, knowledge: Knowledge, options: EvaluationOptions): EntryCondition[] {
  const { children } = timeline
  return [
    ...(children === 'everyone' ? [] : [{
      test: 'the season is about this child',
      value: () => truthOf(children, knowledge, timeline, options),
      tree: () => [evaluate(children, knowledge, timeline, options).tree],
    }]),
    { test: 'the season has not ended for the child', value: () => truth(endedBefore(timeline, phase, knowledge) === undefined) },
    askedCondition(timeline, phase, knowledge, options),
    ...phase.barredBy.map((ref) => ({
      test: `not barred by ${ref.phase} ${ref.outcome}`,
      value: () => truth(knowledge.outcomes[ref.phase] !== ref.outcome),
    })),
    ...(knowledge.outcomes[phase.id] === undefined ? kindConditions(timeline, phase, knowledge, options) : []),
  ]
}

function askedCondition(timeline: Timeline, phase: TimelinePhase, knowledge: Knowledge, options: EvaluationOptions): EntryCondition {
  const sent = (ref: OutcomeRef): Truth => {
    const outcome = knowledge.outcomes[ref.phase]
    return outcome === undefined && options.absent === 'pending' ? 'unknown' : truth(outcome === ref.outcome)
  }
  const { who } = phase
  const asked = (): Truth => (who === 'everyone' ? 'true' : who === 'sent' ? 'false' : truthOf(who, knowledge, timeline, options))
  return {
    test: 'the phase asks this child',
    value: () => anyOf([asked(), ...phase.sentBy.map(sent)]),
    tree: () => [
      who === 'everyone' || who === 'sent'
        ? { test: who === 'everyone' ? 'it asks everyone' : 'it asks only whom an outcome sends', value: asked() }
        : evaluate(who, knowledge, timeline, options).tree,
      ...phase.sentBy.map((ref) => ({ test: `sent by ${ref.phase} ${ref.outcome}`, value: sent(ref) })),
    ],
  }
}

function kindConditions(timeline: Timeline, phase: TimelinePhase, knowledge: Knowledge, options: EvaluationOptions): EntryCondition[] {
  const lacking: Truth = options.absent === 'pending' ? 'unknown' : 'false'
  switch (phase.kind) {
    case 'check-in':
    case 'confirmation': {
      if (phase.of.length === 0) return []
      return [{
        test: `holds a seat from ${phase.of.join(' or ')}`,
        value: () => (phase.of.some((round) => holdsSeatOf(knowledge, round)) ? 'true' : lacking),
      }]
    }
    case 'arrangement':
    case 'closing':
      return [{ test: 'has no seat', value: () => truth(knowledge.seat === 'none') }]
    case 'registration': {
      if (phase.replaces) return []
      const elsewhere = timeline.phases.filter((other) =>
        other.kind === 'registration' && other.form === phase.form && other.id !== phase.id)
      if (elsewhere.length === 0) return []
      return [{
        test: `form ${phase.form} is not filed elsewhere`,
        value: () => truth(elsewhere.every((other) => knowledge.outcomes[other.id] !== 'filed')),
      }]
    }
    default:
      return []
  }
}

function endedBefore(timeline: Timeline, phase: TimelinePhase, knowledge: Knowledge): Standing['endedBy'] {
  if (knowledge.withdrawn) return 'withdrawn'
  const end = endOf(timeline, knowledge)
  return end?.phase === phase.id ? undefined : end
}

function truth(value: boolean): Truth {
  return value ? 'true' : 'false'
}

function explainEntry(timeline: Timeline, phase: TimelinePhase, knowledge: Knowledge, options: EvaluationOptions): Explanation {
  const parts = conditionsOf(timeline, phase, knowledge, options).map(({ test, value, tree }) => ({
    test,
    value: value(),
    ...(tree ? { parts: tree() } : {}),
  }))
  return { test: `may enter ${phase.id}`, value: allOf(parts.map((part) => part.value)), parts }
}
