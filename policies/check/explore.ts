import type { Outcome, PhaseId } from '../language.js'
import { phaseById, type Timeline, type TimelinePhase } from '../timeline.js'
import { atomsOf } from './atoms.js'
import { afterOutcome, branch, secondSeat } from './branch.js'
import { judge, type Judging } from './judge.js'
import { conditionsIn, livenessOf, project, type Live } from './liveness.js'
import { keyOf, NEWCOMER, withValue, type ChildState, type Trail } from './state.js'
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
  const judging: Judging = { timeline, atoms: atomsOf(timeline, conditionsIn(timeline)) }
  const live = livenessOf(timeline, steps.order)
  const observed: Observations = {
    entered: new Set(), seen: new Set(), bitten: new Set(), caught: new Map(), twoTaken: new Map(), left: [], states: 0,
  }
  let sorts: ChildState[] = [NEWCOMER]
  for (const [index, step] of steps.order.entries()) {
    sorts = takeStep(step, sorts, live[index]!, judging, observed)
    observed.states += sorts.length
    if (sorts.length > MOST_STATES) throw new TooManyStatesError(step.phase.id)
  }
  observed.left = sorts.flatMap((state) => owed(state, judging))
  return observed
}

function takeStep(step: Step, sorts: ChildState[], live: Live, judging: Judging, observed: Observations): ChildState[] {
  const next = new Map<string, ChildState>()
  const meet = (state: ChildState) => {
    const met = project(state, live, judging)
    const key = keyOf(met)
    if (!next.has(key)) next.set(key, met)
  }
  const waiting = [...sorts]
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
  return [...next.values()]
}

function isCatchAll(phase: TimelinePhase): boolean {
  return phase.kind === 'arrangement' || phase.kind === 'closing'
}

function observe(step: Step, state: ChildState, outcomes: readonly Outcome[], timeline: Timeline, observed: Observations): void {
  const { phase } = step
  observed.entered.add(phase.id)
  for (const outcome of outcomes) observed.seen.add(`${phase.id}.${outcome}`)
  if (isCatchAll(phase) && ![...state.sent].some((id) => isCatchAll(phaseById(timeline, id)))) {
    const key = `${phase.id} after ${state.latest}`
    if (!observed.caught.has(key)) observed.caught.set(key, { phase: phase.id, latest: state.latest, trail: state.trail })
  }
  for (const outcome of outcomes) {
    const first = secondSeat(phase, outcome, state)
    const key = `${first} and ${phase.id}`
    if (first && !observed.twoTaken.has(key)) observed.twoTaken.set(key, { phase: phase.id, outcome, first, trail: afterTaking(step, outcome, state) })
  }
}

function afterTaking(step: Step, outcome: Outcome, state: ChildState): Trail {
  return { before: state.trail, event: { kind: 'outcome', step, outcome } }
}

/** The children among this sort to whom the season owes an end. */
function owed(state: ChildState, judging: Judging): ChildState[] {
  const { children } = judging.timeline
  if (children === 'everyone') return [state]
  const value = judge(children, state, judging)
  if (typeof value !== 'string') return value.domain.flatMap((answer) => owed(withValue(state, value, answer), judging))
  return value === 'true' ? [state] : []
}
