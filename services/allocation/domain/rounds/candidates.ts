import type { ChildFact } from '../../../../contracts/facts.js'
import { DEFAULT_OVERFLOW } from '../../../../contracts/rounds.js'
import type { Cond, Outcome, PhaseId } from '../../../../policies/language.js'
import { latestForm } from '../../../../policies/forms.js'
import { foldKnowledge, type Knowledge } from '../../../../policies/knowledge.js'
import { settleClosed } from '../../../../policies/settle.js'
import { mayEnter } from '../../../../policies/standing.js'
import { phasesFiling, type Timeline, type TimelinePhase, type TimelinePhaseOf } from '../../../../policies/timeline.js'
import { keysOf, type Keys } from './order.js'
import { homeKeys } from './residual/near-home.js'
import type { Candidate } from './units.js'
import { exceptedOf, locationOf, wishesOf, type RoundMap } from './wishes.js'

/** An outcome that some child has. */
export interface HasOutcome {
  phase: PhaseId
  outcome: Outcome
}

/**
 * Outcomes of which every child that may enter the phase has at least one, so that a database can leave out the
 * others; undefined if the condition does not say so and everyone must be looked at.
 */
export function oneOfOutcomes(timeline: Timeline, phase: TimelinePhase): HasOutcome[] | undefined {
  const { who, sentBy } = phase
  if (who === 'everyone') return undefined
  const asked = who === 'sent' ? [] : necessary(timeline, who)
  const sent = !sentBy.some(isSilence) ? sentBy : undefined
  return asked && sent && [...asked, ...sent]
}

function necessary(timeline: Timeline, cond: Cond): HasOutcome[] | undefined {
  switch (cond.op) {
    case 'all':
      return cond.of.map((part) => necessary(timeline, part)).find((part) => part !== undefined)
    case 'any': {
      const parts = cond.of.map((part) => necessary(timeline, part))
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined
    }
    case 'outcome': {
      const refs = cond.is.map((outcome) => ({ phase: cond.phase, outcome }))
      return refs.some(isSilence) ? undefined : refs
    }
    case 'form':
      return cond.is === 'filed' ? phasesFiling(timeline, cond.form).map((phase) => ({ phase: phase.id, outcome: 'filed' as const })) : undefined
    default:
      return undefined
  }
}

const SILENCES: readonly Outcome[] = ['missed', 'silent', 'undecided', 'overdue', 'not-admitted']

/** An outcome that nobody states, or not for everyone, so that no fact can be looked for. */
function isSilence(ref: HasOutcome): boolean {
  return SILENCES.includes(ref.outcome)
}

/**
 * Finally decides whether a child takes part in a round, by all facts there are.
 * @param closed phases that have ended, so that silence in them has its outcome
 * @returns undefined if it does not take part
 */
export function candidateOf(
  timeline: Timeline,
  round: TimelinePhaseOf<'round'>,
  child: string,
  facts: readonly ChildFact[],
  closed: ReadonlySet<PhaseId>,
  map: RoundMap,
): Candidate | undefined {
  const knowledge = settleClosed(timeline, foldKnowledge(timeline, facts), closed)
  if (mayEnter(timeline, round.id, knowledge) !== 'yes') return undefined
  const schools = wishesOf(timeline, round, facts, knowledge, map)
  const twins = countsTwins(round) ? unitOf(timeline, facts) : undefined
  return schools && { child, schools, twins, registeredAt: twins && registeredAtFor(round, twins, facts), keys: keysFor(timeline, round, facts, knowledge, map) }
}

/** What decides about the child: its home if it is placed near that, else what the policy's order asks. */
function keysFor(timeline: Timeline, round: TimelinePhaseOf<'round'>, facts: readonly ChildFact[], knowledge: Knowledge, map: RoundMap): Keys | undefined {
  if (round.method !== 'residual') return keysOf(timeline, round, knowledge)
  return homeKeys({ location: locationOf(timeline, round, facts, map), except: exceptedOf(timeline, round, facts, map) })
}

/**
 * Twins count as one where the round says so, and in a catchment: they asked for the same school, and a zone with
 * several schools must not part them. Near home each is placed singly.
 */
function countsTwins(round: TimelinePhaseOf<'round'>): boolean {
  if (round.method === 'residual') return false
  return round.twins !== undefined || round.method === 'catchment'
}

/** When a form of the child that names its unit was first filed, where that says which of twins has the last seat. */
function registeredAtFor({ lastSeat = DEFAULT_OVERFLOW }: TimelinePhaseOf<'round'>, { id }: NonNullable<Candidate['twins']>, facts: readonly ChildFact[]): string | undefined {
  if (lastSeat === 'skip') return undefined
  const instants = facts.flatMap(({ aggregate, unit, registeredAt }) => (aggregate === 'registration' && unit?.id === id && registeredAt !== undefined ? [registeredAt] : []))
  return instants.sort()[0]
}

/** The unit of twins that the latest of a child's forms names. */
export const unitOf = (timeline: Timeline, facts: readonly ChildFact[]): Candidate['twins'] =>
  latestForm(timeline, facts, ({ unit }) => unit !== undefined)?.unit
