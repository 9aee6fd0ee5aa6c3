import { toLocal } from '../instant.js'
import { isLive } from '../language.js'
import { effectOf, type Timeline, type TimelinePhase } from '../timeline.js'
import { eventsOf, type Trail, type TrailEvent } from './state.js'

/** Tells a trail as a child's story: what the child is, what happened when, and what that did. */
export function tell(timeline: Timeline, trail: Trail, ending: string): string[] {
  return [...eventsOf(trail).map((event) => sentence(timeline, event)), ending]
}

function sentence(timeline: Timeline, event: TrailEvent): string {
  if (event.kind === 'say') {
    const { atom, value } = event
    if (atom.denies) return `Say that ${value === true ? atom.says : atom.denies}.`
    return `Say that ${atom.says} is ${value === true ? 'yes' : value === false ? 'no' : value}.`
  }
  const { step: { phase }, outcome } = event
  const when = toLocal(isLive(phase.kind, outcome) ? event.step.at : phase.closesAt, timeline.timezone)
  return `${when}: ${WORDS[outcome] ? WORDS[outcome](phase) : outcome} (${phase.id}: ${outcome})${consequence(phase, outcome)}.`
}

const WORDS: Record<string, (phase: TimelinePhase) => string> = {
  filed: (phase) => `form ${phase.kind === 'registration' ? phase.form : phase.id} is filed`,
  chosen: () => 'the family names its school',
  missed: (phase) => (phase.kind === 'registration' || phase.kind === 'choice' ? 'the window closes and nothing came' : 'the window closes and nobody came'),
  answered: () => 'the authority answers',
  silent: () => 'the authority has not answered',
  approved: () => 'the papers are approved',
  refused: () => 'the papers are refused',
  undecided: () => 'nobody has decided on the papers',
  admitted: () => 'the round admits the child',
  'not-admitted': () => 'the round does not admit the child',
  issued: () => 'the paper is issued',
  confirmed: () => 'the family confirms',
  present: () => 'the child checks in',
  placed: () => 'the desk places the child',
  ended: () => 'the desk ends the case without a seat',
  overdue: () => 'the desk has not placed the child',
  closed: () => 'the case is closed',
}

function consequence(phase: TimelinePhase, outcome: string): string {
  const { then, bars, releases } = effectOf(phase, outcome)
  const words = [
    ...(then ? [`which sends the child to ${then}`] : []),
    ...(bars ? [`which bars it from ${bars.join(' and ')}`] : []),
    ...(releases ? [`which gives back a seat of ${releases.join(' or ')}`] : []),
  ]
  return words.length > 0 ? `, ${words.join(', ')}` : ''
}
