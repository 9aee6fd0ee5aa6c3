import { outcomesOf, OUTCOMES, type Outcome, type PhaseId } from '../language.js'
import { effectOf, type TimelinePhase } from '../timeline.js'
import { judge, judgeRule, seatOf, type Judged, type Judging } from './judge.js'
import { extend, type Atom, type ChildState } from './state.js'
import { onlyShows, type Step } from './steps.js'

/** What a step can bring a child: an open point to decide first, or its possible outcomes; none if it is not asked. */
export type Branching =
  | { open: Atom }
  | { asked: boolean; bars: string[]; outcomes: readonly Outcome[]; silenceToo: boolean }

const NOT_ASKED: Branching = { asked: false, bars: [], outcomes: [], silenceToo: false }

/** What can happen to this sort of child at this step. */
export function branch(step: Step, state: ChildState, judging: Judging): Branching {
  const { phase } = step
  if (onlyShows(phase.kind) || state.ended || state.done.has(phase.id) || !fitsKind(phase, state)) return NOT_ASKED
  const asked = isAsked(phase, state, judging)
  if (typeof asked !== 'string') return { open: asked }
  if (asked !== 'true') return NOT_ASKED
  const bars = [...state.bars].filter((bar) => bar.endsWith(`>${phase.id}`))
  if (bars.length > 0) return { asked: false, bars, outcomes: [], silenceToo: false }
  const possible = possibleOutcomes(phase, state, judging)
  if ('key' in possible) return { open: possible }
  const live = OUTCOMES[phase.kind].live as readonly Outcome[]
  const outcomes = step.moment === 'early' ? possible.filter((outcome) => live.includes(outcome)) : possible
  return { asked: true, bars: [], outcomes, silenceToo: step.moment === 'early' }
}

/** What a kind asks for beyond `who`. */
function fitsKind(phase: TimelinePhase, state: ChildState): boolean {
  switch (phase.kind) {
    case 'check-in':
    case 'confirmation':
      return phase.of.length === 0 || phase.of.some((round) => state.held.includes(round))
    case 'arrangement':
    case 'closing':
      return seatOf(state) === 'none'
    case 'registration':
      return phase.replaces !== undefined || !state.filed.has(phase.form)
    default:
      return true
  }
}

function isAsked(phase: TimelinePhase, state: ChildState, judging: Judging): Judged {
  const { children } = judging.timeline
  const owed = children === 'everyone' ? 'true' : judge(children, state, judging)
  if (owed !== 'true') return owed
  if (state.sent.has(phase.id) || phase.who === 'everyone') return 'true'
  return phase.who === 'sent' ? 'false' : judge(phase.who, state, judging)
}

function possibleOutcomes(phase: TimelinePhase, state: ChildState, judging: Judging): readonly Outcome[] | Atom {
  const all = outcomesOf(phase.kind)
  if (phase.kind === 'arrangement' && phase.effects.overdue === undefined) return all.filter((outcome) => outcome !== 'overdue')
  if (phase.kind !== 'review' || phase.needs.length === 0) return all
  const verdicts = phase.needs.map((rule) => judgeRule(rule, state, judging))
  if (verdicts.includes('unmet')) return ['refused', 'undecided']
  const open = verdicts.find((verdict) => typeof verdict !== 'string')
  if (open !== undefined) return open as Atom
  return verdicts.includes('unknown') ? all : ['approved', 'undecided']
}

/** The child after an outcome, with what the outcome does to its seats and to later phases. */
export function afterOutcome(step: Step, outcome: Outcome, state: ChildState, judging: Judging): ChildState {
  const { phase } = step
  const effect = effectOf(phase, outcome)
  const seats = seatsAfter(phase, outcome, state)
  const released = new Set(effect.releases)
  return {
    ...state,
    outcomes: new Map(state.outcomes).set(phase.id, outcome),
    ...formAfter(phase, outcome, state, judging),
    ...(phase.kind === 'review' && outcome === 'approved'
      ? { verdicts: new Map([...state.verdicts, ...phase.needs.map((rule) => [rule, 'met'] as const)]) }
      : {}),
    held: seats.held.filter((round) => !released.has(round)),
    taken: seats.taken !== undefined && released.has(seats.taken) ? undefined : seats.taken,
    sent: effect.then ? new Set(state.sent).add(effect.then) : state.sent,
    bars: new Set([...state.bars, ...(effect.bars ?? []).map((target) => `${phase.id}.${outcome}>${target}`)]),
    done: step.moment === 'early' ? new Set(state.done).add(phase.id) : state.done,
    ended: state.ended || outcome === 'placed' || outcome === 'ended' || outcome === 'closed',
    latest: isIdle(phase, outcome) ? state.latest : `${phase.id}.${outcome}`,
    trail: isIdle(phase, outcome) ? state.trail : extend(state.trail, { kind: 'outcome', step, outcome }),
  }
}

/** Not applying for what one may leave alone decides nothing about a child. */
function isIdle(phase: TimelinePhase, outcome: Outcome): boolean {
  return (phase.kind === 'registration' || phase.kind === 'choice') && outcome === 'missed' && phase.effects.missed === undefined
}

function formAfter(phase: TimelinePhase, outcome: Outcome, state: ChildState, judging: Judging): Partial<ChildState> {
  if (phase.kind !== 'registration' || outcome !== 'filed') return {}
  const filed = new Set(state.filed).add(phase.form)
  if (!phase.replaces) return { filed }
  const asked = (key: string) => phase.asks.some((fact) => key.split(/[ @]/).includes(fact))
  const values = new Map([...state.values].filter(([key]) => !asked(key)))
  const verdicts = new Map([...state.verdicts].filter(([rule]) => !phase.asks.some((fact) => judging.ruleFacts.get(rule)!.has(fact))))
  return { filed, values, verdicts }
}

/** An admission holds a seat and gives back those it does not keep; coming, or a paper that takes up, takes it; missing gives it back. */
function seatsAfter(phase: TimelinePhase, outcome: Outcome, state: ChildState): { held: readonly PhaseId[]; taken: PhaseId | undefined } {
  const { held, taken } = state
  if (phase.kind === 'round' && outcome === 'admitted') {
    return {
      held: [...held.filter((round) => phase.keeps.includes(round) && round !== phase.id), phase.id],
      taken: taken !== undefined && phase.keeps.includes(taken) ? taken : undefined,
    }
  }
  if (phase.kind !== 'check-in' && phase.kind !== 'confirmation' && phase.kind !== 'notice') return { held, taken }
  const rest = held.filter((round) => !phase.of.includes(round))
  if (outcome === 'missed') return { held: rest, taken }
  if (!takesSeat(phase)) return { held, taken }
  return { held: rest, taken: held.find((round) => phase.of.includes(round)) ?? taken }
}

/** True if a positive outcome of this phase takes the held seat. */
export function takesSeat(phase: TimelinePhase): boolean {
  return phase.kind === 'check-in' || ((phase.kind === 'confirmation' || phase.kind === 'notice') && phase.takesUp === true)
}

/** The seat the child would have besides the one it takes here, if the policy does not release it. */
export function secondSeat(phase: TimelinePhase, outcome: Outcome, state: ChildState): PhaseId | undefined {
  if (!takesSeat(phase) || outcome === 'missed' || state.taken === undefined || !('of' in phase)) return undefined
  const takes = state.held.some((round) => (phase.of as string[]).includes(round))
  return takes && !(effectOf(phase, outcome).releases ?? []).includes(state.taken) ? state.taken : undefined
}
