import { outcomesOf, type Outcome } from '../language.js'
import { effectOf } from '../timeline.js'
import type { Observations } from './explore.js'
import type { Reporter } from './report.js'
import { lengthOf, type ChildState, type Trail } from './state.js'
import { onlyShows } from './steps.js'
import { tell } from './story.js'

/** Reports what exploring found: who cannot be reached, who falls through, who would have two seats. */
export function reportExplored(report: Reporter, observed: Observations): void {
  reportReach(report, observed)
  reportBars(report, observed)
  reportSeats(report, observed)
  reportEnds(report, observed)
  reportCaught(report, observed)
}

function reportCaught(report: Reporter, observed: Observations): void {
  for (const phase of new Set([...observed.caught.values()].map((catching) => catching.phase))) {
    const caught = [...observed.caught.values()].filter((catching) => catching.phase === phase)
    const after = caught.map(({ latest }) => latest || 'nothing at all').sort()
    report.add('note', 'caught-only-by', report.phase(phase),
      `no outcome sends these children anywhere, only ${phase} catches them: after ${after.join(', ')}`,
      'if the notice means something else for them, say it with then:',
      tell(report.timeline, shortest(caught).trail, `No outcome sends the child on; ${phase} catches it by its who.`))
  }
}

function reportReach(report: Reporter, observed: Observations): void {
  for (const phase of report.timeline.phases) {
    if (onlyShows(phase.kind)) continue
    if (!observed.entered.has(phase.id)) {
      report.add('error', 'unreachable-phase', report.phase(phase.id), `no child can ever reach ${phase.id}`,
        phase.who === 'sent' ? `let some outcome say then: ${phase.id}` : 'mend its who, or the outcomes that lead here')
      continue
    }
    for (const outcome of outcomesOf(phase.kind)) {
      if (observed.seen.has(`${phase.id}.${outcome}`) || (outcome === 'overdue' && phase.effects.overdue === undefined)) continue
      report.add('warning', 'unreachable-outcome', report.phase(phase.id, outcome), `${phase.id} can never end ${outcome}`,
        'look at what it needs: no child can have it')
    }
  }
}

function reportBars(report: Reporter, observed: Observations): void {
  for (const phase of report.timeline.phases) {
    for (const outcome of outcomesOf(phase.kind)) {
      for (const [index, target] of (effectOf(phase, outcome).bars ?? []).entries()) {
        const hasHappened = observed.seen.has(`${phase.id}.${outcome}`)
        if (!hasHappened || observed.bitten.has(`${phase.id}.${outcome}>${target}`)) continue
        report.add('note', 'idle-bar', report.phase(phase.id, outcome, 'bars', index),
          `${phase.id}.${outcome} bars ${target}, which would never ask such a child: the bar changes nothing in the end`,
          'if it is the notice that says so twice, leave it; else mend the bar, or the who of the barred phase')
      }
    }
  }
}

function reportSeats(report: Reporter, observed: Observations): void {
  for (const { phase, outcome, first, trail } of observed.twoTaken.values()) {
    report.add('error', 'two-taken-seats', report.phase(phase, outcome), `a child can take a seat at ${phase} beside the one of ${first}`,
      `let ${phase} say ${outcome}: { releases: [${first}] }, or keep such children out`,
      tell(report.timeline, trail, `The child now has two seats taken, of ${first} and at ${phase}.`))
  }
  for (const state of distinct(observed.left.filter((left) => left.held.length > 0), (left) => `${left.taken ?? ''}/${left.held.join()}`)) {
    const round = state.held[0]!
    const ending = state.taken
      ? `At the end the child sits on a seat of ${state.taken} and still holds one of ${round}, which nobody else can have.`
      : `At the end the child holds a seat of ${round}, and nothing ever asked it to come.`
    report.add('error', 'seat-not-taken-up', report.phase(round),
      state.taken ? `a seat of ${round} stays held by a child who took one of ${state.taken}` : `no check-in takes up a seat of ${round}`,
      state.taken ? `let the phase that takes the seat say releases: [${round}]` : `let a check-in, a confirmation or a paper that takes up name ${round} under of:`,
      tell(report.timeline, state.trail, ending))
  }
}

function reportEnds(report: Reporter, observed: Observations): void {
  const lost = observed.left.filter((left) => !left.ended && left.taken === undefined && left.held.length === 0)
  for (const state of distinct(lost, (left) => left.latest)) {
    const [phase, outcome] = state.latest.split('.') as [string, Outcome]
    report.add('error', 'child-without-end', state.latest ? report.phase(phase, outcome) : ['phases'],
      state.latest ? `after ${state.latest} a child has neither a seat nor an end` : 'a child to whom nothing happens has no end',
      'let the outcome send it to an arrangement, or add an arrangement or closing whose who takes it in',
      tell(report.timeline, state.trail, 'The season ends, and the child has neither a seat nor an end.'))
  }
}

/** One child for each key, the one with the shortest story. */
function distinct(states: ChildState[], keyOf: (state: ChildState) => string): ChildState[] {
  return [...new Set(states.map(keyOf))].map((key) => shortest(states.filter((state) => keyOf(state) === key)))
}

function shortest<T extends { trail: Trail }>(candidates: T[]): T {
  return candidates.reduce((best, candidate) => (lengthOf(candidate.trail) < lengthOf(best.trail) ? candidate : best))
}
