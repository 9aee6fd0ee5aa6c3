import type { PhaseId } from '../../contracts/ids.js'
import { hasSeatOf, type Knowledge } from '../../policies/knowledge.js'
import { mayEnter } from '../../policies/standing.js'
import { phasesOfKind, publishAtOf, type TimelinePhase } from '../../policies/timeline.js'
import type { Setting } from './setting.js'
import type { EnrollmentState } from './state.js'

/** An instant of the calendar at which something is to be done for this child. */
export interface Boundary {
  phase: PhaseId
  boundary: 'opens' | 'closes' | 'publishes'
  /** What is to be done: ask the owner, give the command of an opening, or end the child's season. */
  act: 'ask' | 'open' | 'end'
  /** As the calendar says, ms. */
  at: number
  /** When the workflow acts: after drain, grace and this child's spread, ms. */
  due: number
  /** False: nothing hangs on it, so it waits until the workflow wakes for something else. */
  wakes: boolean
}

/** The boundaries ahead of this child as far as is known now: by their instant, closings before openings. */
export function boundariesOf(state: EnrollmentState, knowledge: Knowledge, setting: Setting): Boundary[] {
  const found = setting.timeline.phases.flatMap((phase) => [
    ...closingOf(phase, state, knowledge, setting),
    ...openingOf(phase, state, knowledge, setting),
  ])
  return [...found.sort(byInstant), seasonEnd(state, setting)]
}

/** The boundary for which the timer runs. There always is one: the season ends. */
export function nextWake(boundaries: readonly Boundary[]): Boundary {
  return boundaries.filter(({ wakes }) => wakes).reduce((first, other) => (other.due < first.due ? other : first))
}

/** Whether there is nothing left to ask of what is being asked: facts have said it since. */
export const isAnswered = (state: EnrollmentState, knowledge: Knowledge, setting: Setting): boolean =>
  state.asking !== undefined && !boundariesOf(state, knowledge, setting).some(({ act, phase }) => act === 'ask' && phase === state.asking)

/** When a phase closes, extensions included (ms). */
export const closingAt = (state: EnrollmentState, phase: TimelinePhase): number => state.closesAt[phase.id] ?? phase.closesAt

/** From when an owner is asked about an instant (ms): after drain, grace and this child's spread. */
const askedFrom = (at: number, { technical: { drainMs, graceMs }, spreadMs }: Setting): number => at + drainMs + graceMs + spreadMs

const ORDER = { closes: 0, publishes: 1, opens: 2 } as const
const byInstant = (a: Boundary, b: Boundary): number => a.at - b.at || ORDER[a.boundary] - ORDER[b.boundary]

function closingOf(phase: TimelinePhase, state: EnrollmentState, knowledge: Knowledge, setting: Setting): Boundary[] {
  if (state.closed.includes(phase.id)) return []
  const outcome = knowledge.outcomes[phase.id]
  const isAsked = () => mayEnter(setting.timeline, phase.id, knowledge) === 'yes'
  const mayBeAsked = () => mayEnter(setting.timeline, phase.id, knowledge) !== 'no'
  const at = closingAt(state, phase)
  const closes = { phase: phase.id, boundary: 'closes', act: 'ask', at, due: askedFrom(at, setting) } as const
  switch (phase.kind) {
    case 'registration':
      // What was filed may have been amended since; the frozen form is asked for when there is a reason to wake.
      if (outcome === 'filed') return phase.amend === 'until-close' ? [{ ...closes, wakes: false }] : []
      return !outcome && mayBeAsked() ? [{ ...closes, wakes: setting.consequential.has(phase.id) }] : []
    case 'choice':
      // Not having chosen is nothing to know, unless the policy makes something of it.
      return !outcome && setting.consequential.has(phase.id) && mayBeAsked() ? [{ ...closes, wakes: true }] : []
    case 'check':
    case 'review':
      return !outcome && mayBeAsked() ? [{ ...closes, wakes: setting.consequential.has(phase.id) }] : []
    case 'confirmation':
    case 'check-in':
      return !outcome && isAsked() ? [{ ...closes, wakes: true }] : []
    case 'round': {
      if (outcome || !isAsked()) return []
      const publishAt = publishAtOf(phase)
      // Outcomes come as events, after the ceremony and spread by their publication; asking is for the one that did not come.
      const prompt = askedFrom(publishAt, setting)
      const patient = prompt + (setting.technical.resultGraceMs ?? 0)
      const due = Math.max(prompt, Math.min(patient, ...actsOnNoSeat(publishAt, state, setting)))
      return [{ ...closes, boundary: 'publishes', at: publishAt, due, wakes: true }]
    }
    case 'arrangement':
      return state.arrangement?.phase === phase.id ? [{ ...closes, wakes: true }] : []
    case 'closing':
      return !outcome && isAsked() ? [{ ...closes, act: 'open', wakes: true }] : []
    default:
      return []
  }
}

/** When something is done next about a child without a seat (ms): a result that is not here by then has to be asked for. */
function actsOnNoSeat(after: number, state: EnrollmentState, setting: Setting): number[] {
  const acts = setting.timeline.phases.flatMap((phase) => {
    if (phase.kind === 'arrangement') return [phase.opensAt]
    return phase.kind === 'closing' ? [askedFrom(closingAt(state, phase), setting)] : []
  })
  return [...acts.filter((at) => at > after), seasonEnd(state, setting).due]
}

function openingOf(phase: TimelinePhase, state: EnrollmentState, knowledge: Knowledge, setting: Setting): Boundary[] {
  const at = phase.opensAt
  const opens = { phase: phase.id, boundary: 'opens', act: 'open', at, due: at + setting.spreadMs, wakes: true } as const
  if (state.closed.includes(phase.id) || knowledge.outcomes[phase.id]) return []
  const mayOpen = () => mayEnter(setting.timeline, phase.id, knowledge) === 'yes'
  switch (phase.kind) {
    case 'check':
    case 'review':
      return !state.given.includes(`case/${phase.id}`) && mayOpen() ? [opens] : []
    case 'notice': {
      if (state.given.includes(`paper/${phase.id}`) || !phase.of.some((round) => hasSeatOf(knowledge, round)) || !mayOpen()) return []
      // Where the round is published no earlier, its publication has spread the children already.
      const isSpread = phasesOfKind(setting.timeline, 'round').some((round) => phase.of.includes(round.id) && publishAtOf(round) >= at)
      return [isSpread ? { ...opens, due: at } : opens]
    }
    case 'arrangement':
      // A desk is staffed by people: no spread.
      return !state.arrangement && mayOpen() ? [{ ...opens, due: at }] : []
    default:
      return []
  }
}

function seasonEnd(state: EnrollmentState, setting: Setting): Boundary {
  const { timeline } = setting
  const last = timeline.phases.reduce((latest, phase) => (closingAt(state, phase) >= closingAt(state, latest) ? phase : latest))
  const at = Math.max(timeline.closesAt, closingAt(state, last))
  return { phase: last.id, boundary: 'closes', act: 'end', at, due: askedFrom(at, setting), wakes: true }
}
