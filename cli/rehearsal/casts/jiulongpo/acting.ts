import { phaseById, phasesFiling, readsOf, type Timeline, type TimelinePhase } from '../../../../policies/timeline.js'
import type { Family } from '../../families.js'

/** An authority needs so much of the time that a person does. */
const CHECK = 0.6
/** A reviewer who waits for them needs so much. */
const REVIEW = 2
/** Share of the children who come to a desk. */
const AT_DESKS = 0.25

/** Children who act in a phase, or about whom somebody does, counted from their scripts. */
export function actingIn(timeline: Timeline, families: readonly Family[]): (phase: TimelinePhase) => number {
  const entered = (phases: ReadonlySet<string>) => families.filter(({ script }) => [...phases].some((id) => script.forms[id] || script.choices[id])).length
  return (phase) => {
    switch (phase.kind) {
      case 'registration':
        return entered(new Set([phase.id])) + families.filter(({ script }) => script.forms[phase.id]?.first).length
      case 'choice':
        return entered(new Set([phase.id]))
      case 'check':
        return CHECK * entered(entrancesOf(timeline, [phase]))
      case 'review':
        return REVIEW * entered(entrancesOf(timeline, [phase]))
      case 'round':
        return entered(entrancesOf(timeline, [phase]))
      case 'confirmation':
        return families.filter(({ script }) => script.confirms).length
      case 'check-in':
        return entered(entrancesOf(timeline, phase.of.map((id) => phaseById(timeline, id))))
      case 'arrangement':
        return AT_DESKS * families.length
      case 'result':
      case 'notice':
      case 'publication':
      case 'closing':
        return 0
    }
  }
}

/** The registrations and choices through which a child comes to one of these phases. */
function entrancesOf(timeline: Timeline, phases: readonly TimelinePhase[], into = new Set<string>()): ReadonlySet<string> {
  for (const { id, kind, who } of phases) {
    if (into.has(id)) continue
    into.add(id)
    if (kind === 'registration' || kind === 'choice' || typeof who === 'string') continue
    const reads = readsOf(who, timeline.rules)
    entrancesOf(timeline, [...[...reads.forms].flatMap((form) => phasesFiling(timeline, form)), ...[...reads.phases].map((read) => phaseById(timeline, read))], into)
  }
  return into
}
