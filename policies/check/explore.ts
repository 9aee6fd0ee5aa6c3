import type { Outcome, PhaseId } from '../language.js'
import { phaseById, type Timeline, type TimelinePhase } from '../timeline.js'
import { atomsOf } from './atoms.js'
import { afterOutcome, branch, secondSeat } from './branch.js'
import { judge, type Judging } from './judge.js'
import { conditionsIn, factsOfRules, livenessOf, project, type Live } from './liveness.js'
import { extend, keyOf, lengthOf, NEWCOMER, withValue, type ChildState, type Trail } from './state.js'
import type { Step, Steps } from './steps.js'

/** What all sorts of children can meet in a season. */
export interface Observations {
  entered: Set<PhaseId>
  /** `phase.outcome` */
  seen: Set<string>
  /** Bars that kept out a child whom the phase would have asked, as `phase.outcome>barred`. */
  bitten: Set<string>
  /** Children whom an arrangement or closing catches though no outcome sent them to any, by what decided about them last. */
  caught: Map<string, { phase: PhaseId; latest: string; trail: Trail }>
  /** A seat taken beside one already taken. */
  twoTaken: Map<string, { phase: PhaseId; outcome: Outcome; first: PhaseId; trail: Trail }>
  /** One child for each sort that is left at the end, owed an end. */
  left: ChildState[]
  states: number
}

/** More sorts of children at one step than this and the check gives up, saying where. */
const MOST_STATES = 200_000

/** The policy tells too many sorts of children apart to explore. */
export class TooManyStatesError extends Error {
  override readonly name = 'TooManyStatesError'
  constructor(readonly phase: PhaseId) {
    super(`more than ${MOST_STATES} sorts of children at phase ${phase}`)
  }
}

/**
 * Leads every sort of child through every step of a season: at each, all outcomes it can have, over all
 * answers to what the policy leaves open. Children whom no later step can tell apart are one sort.
 * @throws TooManyStatesError
 */
export function explore(timeline: Timeline, steps: Steps): Observations {
  const judging: Judging = { timeline, atoms: atomsOf(timeline, conditionsIn(timeline)), ruleFacts: factsOfRules(timeline) }
  const live = livenessOf(timeline, steps.order)
  const observed: Observations = {
    entered: new Set(), seen: new Set(), bitten: new Set(), caught: new Map(), twoTaken: new Map(), left: [], states: 0,
  }
  let sorts: Sorts = new Map([[keyOf(NEWCOMER), NEWCOMER]])
  for (const [index, step] of steps.order.entries()) {
    const forgets = index === 0 || forgetsMore(live[index - 1]!, live[index]!)
    sorts = takeStep(step, sorts, { live: live[index]!, forgets }, judging, observed)
    observed.states += sorts.size
    if (sorts.size > MOST_STATES) throw new TooManyStatesError(step.phase.id)
  }
  observed.left = [...sorts.values()].flatMap((state) => owed(state, judging))
  return observed
}

/** One child for each sort, by its key. */
type Sorts = Map<string, ChildState>

function takeStep(step: Step, sorts: Sorts, memory: { live: Live; forgets: boolean }, judging: Judging, observed: Observations): Sorts {
  const next: Sorts = new Map()
  const meet = (state: ChildState) => {
    const met = project(state, memory.live, judging)
    const key = keyOf(met)
    keepShorter(next, key, met)
  }
  const waiting: ChildState[] = []
  for (const [key, state] of sorts) {
    const passesBy = !memory.forgets && !mentions(state, step) && isPassedBy(step, state, judging)
    if (passesBy) keepShorter(next, key, state)
    else waiting.push(state)
  }
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    const branching = branch(step, state, judging)
    if ('open' in branching) {
      for (const value of branching.open.domain) waiting.push(withValue(state, branching.open, value))
      continue
    }
    for (const bar of branching.bars) observed.bitten.add(bar)
    if (!branching.asked || branching.silenceToo) meet(state)
    if (!branching.asked) continue
    observe(step, state, branching.outcomes, judging.timeline, observed)
    for (const outcome of branching.outcomes) meet(afterOutcome(step, outcome, state, judging))
  }
  return next
}

function keepShorter<T extends { trail: Trail }>(kept: Map<string, T>, key: string, candidate: T): void {
  const there = kept.get(key)
  if (!there || lengthOf(candidate.trail) < lengthOf(there.trail)) kept.set(key, candidate)
}

/** True if less is read after a step than before it, apart from the phase that is over. */
function forgetsMore(before: Live, after: Live): boolean {
  return before.outcomes.size > after.outcomes.size || before.forms.size > after.forms.size || before.facts.size > after.facts.size
    || before.rules.size > after.rules.size || before.school !== after.school
}

function mentions(state: ChildState, { phase }: Step): boolean {
  return state.sent.has(phase.id) || state.done.has(phase.id) || [...state.bars].some((bar) => bar.endsWith(`>${phase.id}`))
}

function isPassedBy(step: Step, state: ChildState, judging: Judging): boolean {
  const branching = branch(step, state, judging)
  return 'asked' in branching && !branching.asked
}

function isCatchAll(phase: TimelinePhase): boolean {
  return phase.kind === 'arrangement' || phase.kind === 'closing'
}

function observe(step: Step, state: ChildState, outcomes: readonly Outcome[], timeline: Timeline, observed: Observations): void {
  const { phase } = step
  observed.entered.add(phase.id)
  for (const outcome of outcomes) observed.seen.add(`${phase.id}.${outcome}`)
  if (isCatchAll(phase) && ![...state.sent].some((id) => isCatchAll(phaseById(timeline, id)))) {
    keepShorter(observed.caught, `${phase.id} after ${state.latest}`, { phase: phase.id, latest: state.latest, trail: state.trail })
  }
  for (const outcome of outcomes) {
    const first = secondSeat(phase, outcome, state)
    if (!first) continue
    const trail = extend(state.trail, { kind: 'outcome', step, outcome })
    keepShorter(observed.twoTaken, `${first} and ${phase.id}`, { phase: phase.id, outcome, first, trail })
  }
}

/** The children among this sort to whom the season owes an end. */
function owed(state: ChildState, judging: Judging): ChildState[] {
  const { children } = judging.timeline
  if (children === 'everyone') return [state]
  const value = judge(children, state, judging)
  if (typeof value !== 'string') return value.domain.flatMap((answer) => owed(withValue(state, value, answer), judging))
  return value === 'true' ? [state] : []
}
