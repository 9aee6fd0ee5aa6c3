import { toLocal } from '../instant.js'
import { isLive, outcomesOf, type Outcome } from '../language.js'
import { effectOf, phaseById, type TimelinePhase } from '../timeline.js'
import type { Reporter } from './report.js'
import type { Steps } from './steps.js'

/** Reports effects that come too late: on a phase already settled, or on a round not yet decided. */
export function checkEffects(report: Reporter, steps: Steps): void {
  for (const phase of report.timeline.phases) {
    for (const outcome of outcomesOf(phase.kind)) {
      const { bars = [], then, releases = [] } = effectOf(phase, outcome)
      for (const target of bars) checkTarget(report, steps, phase, outcome, 'bars', target)
      if (then) checkTarget(report, steps, phase, outcome, 'then', then)
      for (const round of releases) checkRelease(report, steps, phase, outcome, round)
    }
  }
}

function checkTarget(report: Reporter, steps: Steps, phase: TimelinePhase, outcome: Outcome, verb: 'bars' | 'then', targetId: string): void {
  const target = phaseById(report.timeline, targetId)
  const path = report.phase(phase.id, outcome, verb)
  const local = (instant: number) => toLocal(instant, report.timeline.timezone)
  const what = `${phase.id}.${outcome} ${verb} ${targetId}`
  const settled = steps.settled.get(targetId)!
  const soonest = isLive(phase.kind, outcome) ? steps.earliest.get(phase.id)! : steps.settled.get(phase.id)!
  if (settled <= soonest) {
    report.add('error', 'effect-too-late', path,
      `${what}, which is already decided at ${local(target.closesAt)}; this outcome comes at ${local(phase.closesAt)}`,
      'let the effect name a later phase, or move one of the two')
  } else if (settled <= steps.settled.get(phase.id)!) {
    report.add('warning', 'effect-may-be-late', path,
      `${what}, which is decided at ${local(target.closesAt)}, while this outcome may come until ${local(phase.closesAt)}`,
      'let this phase close before that one')
  } else if (verb === 'then' && target.opensAt < phase.closesAt && phase.opensAt < phase.closesAt) {
    report.add('note', 'opens-before-sent', path,
      `${what}, which opens at ${local(target.opensAt)}, before this phase closes at ${local(phase.closesAt)}: its window is shorter for these children`,
      'make sure that what is left of the window is enough')
  }
}

function checkRelease(report: Reporter, steps: Steps, phase: TimelinePhase, outcome: Outcome, round: string): void {
  if (steps.settled.get(round)! < steps.settled.get(phase.id)!) return
  report.add('error', 'effect-too-late', report.phase(phase.id, outcome, 'releases'),
    `${phase.id}.${outcome} releases seats of ${round}, which gives them only later`,
    'name a round that is decided before')
}
