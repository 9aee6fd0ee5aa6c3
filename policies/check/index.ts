import type { Fault } from '../fault.js'
import type { Policy } from '../language.js'
import type { PolicySource } from '../source.js'
import type { Timeline } from '../timeline.js'
import { explore, TooManyStatesError } from './explore.js'
import { reportExplored } from './explored.js'
import { reporter } from './report.js'
import { checkEffects } from './static-effects.js'
import { checkGuards } from './static-guards.js'
import { checkNames } from './static-names.js'
import { stepsOf } from './steps.js'

export interface Checked {
  faults: Fault[]
  /** How many sorts of children were led through the season; 0 if a fault made that pointless. */
  states: number
}

/**
 * Checks a policy that parsed: reads it for what comes too late or too early, then leads every sort of child
 * through the season. Exploring needs an order that makes sense, so an error of time comes first.
 */
export function checkPolicy({ policy, timeline, source }: { policy: Policy; timeline: Timeline; source: PolicySource }): Checked {
  const report = reporter(timeline, source)
  const steps = stepsOf(timeline)
  checkNames(report, policy)
  checkEffects(report, steps)
  checkGuards(report, steps)
  const states = report.faults.some((fault) => fault.severity === 'error') ? 0 : exploreInto(report, steps)
  return { faults: report.faults.sort(byPlace), states }
}

function exploreInto(report: ReturnType<typeof reporter>, steps: ReturnType<typeof stepsOf>): number {
  try {
    const observed = explore(report.timeline, steps)
    reportExplored(report, observed)
    return observed.states
  } catch (error) {
    if (!(error instanceof TooManyStatesError)) throw error
    report.add('error', 'too-many-sorts', report.phase(error.phase), error.message, 'let fewer facts decide at once; the rest is unchecked')
    return 0
  }
}

function byPlace(a: Fault, b: Fault): number {
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1)
}
