import type { Knowledge } from '../../policies/knowledge.js'
import { phaseById, type TimelinePhase } from '../../policies/timeline.js'
import { announce } from './announce.js'
import { boundariesOf, closingAt, type Boundary } from './boundaries.js'
import { caseOf, openedCase } from './desk.js'
import { endOfSeason } from './ending.js'
import { close, knowledgeOf, learn } from './knowing.js'
import { lettersDue, noticePaper } from './papers.js'
import type { Setting } from './setting.js'
import { revisionOf, type Command, type EnrollmentState, type Reaction, type Trigger } from './state.js'

/** An owner that says "still open" after its own closing is asked again after this time, not at once. */
const ASK_AGAIN_MS = 5_000

/**
 * What a child's workflow makes of something that happened: its new state and what is to be done. Pure; the same
 * facts in any order come to the same state.
 */
export function react(state: EnrollmentState, trigger: Trigger, setting: Setting): Reaction {
  if (state.end) return { state, commands: [] }
  const learned = take(state, trigger, setting)
  return knowledgeOf(learned, setting.timeline).withdrawn
    ? leave(learned, trigger, setting)
    : goOn(learned, trigger.at, setting)
}

/** What the trigger itself says. */
function take(state: EnrollmentState, trigger: Trigger, setting: Setting): EnrollmentState {
  switch (trigger.kind) {
    case 'fact':
      return learn(state, [trigger.fact])
    case 'released':
      return trigger.fact ? learn(state, [trigger.fact]) : state
    case 'asked':
      return takeAnswer(state, trigger, setting)
    case 'answered':
      return withoutQuestion(state)
    case 'flagged': {
      const { by, reason, at } = trigger
      return { ...state, flags: [...state.flags, { by, reason, at }] }
    }
    case 'issued':
      return phaseById(setting.timeline, trigger.phase).kind === 'notice'
        ? { ...state, outcomes: { ...state.outcomes, [trigger.phase]: 'issued' } }
        : state
    case 'ended-by-desk': {
      const phase = state.arrangement?.phase
      if (!phase) return state
      return { ...state, outcomes: { ...state.outcomes, [phase]: 'ended' }, ended: { phase, reason: trigger.reason, ...(trigger.way && { way: trigger.way }) } }
    }
    case 'boundary':
      return state
  }
}

function takeAnswer(state: EnrollmentState, { at, phase, answer }: Extract<Trigger, { kind: 'asked' }>, setting: Setting): EnrollmentState {
  const rest = withoutQuestion(state)
  if (answer.state === 'open') {
    const known = closingAt(state, phaseById(setting.timeline, phase))
    const closesAt = answer.closesAt > known || answer.closesAt > at ? answer.closesAt : at + ASK_AGAIN_MS
    return { ...rest, closesAt: { ...rest.closesAt, [phase]: closesAt } }
  }
  const closed = close(learn(rest, answer.facts), phase, setting.timeline)
  // A flagged child is on a desk that its standing may not open; the desk is overdue all the same.
  const undecided = rest.arrangement?.phase === phase && !knowledgeOf(closed, setting.timeline).outcomes[phase]
  return undecided ? { ...closed, outcomes: { ...closed.outcomes, [phase]: 'overdue' } } : closed
}

function withoutQuestion(state: EnrollmentState): EnrollmentState {
  const { asking: _asked, ...rest } = state
  return rest
}

/** A child that leaves gives back its seats and ends at once. */
function leave(state: EnrollmentState, trigger: Trigger, setting: Setting): Reaction {
  const { arrangement: _case, ...rest } = state
  const knowledge = knowledgeOf(rest, setting.timeline)
  if (trigger.kind === 'released') {
    const reason = rest.facts.find(({ aggregate }) => aggregate === 'withdrawal')?.reason ?? 'moved-away'
    return announce({ ...rest, end: { kind: 'withdrawn', reason } }, knowledge, setting)
  }
  if (rest.given.includes('release')) return { state: rest, commands: [] }
  const release: Command = { kind: 'release', revision: revisionOf(rest, 'withdrawal') }
  return { state: { ...rest, given: [...rest.given, 'release'] }, commands: [release] }
}

/** Asks what is due, one owner at a time; then gives the commands that are due; then says what is visible. */
function goOn(state: EnrollmentState, at: number, setting: Setting): Reaction {
  const settled = withCase(state, at, setting)
  const due = dueNow(settled, at, setting)
  if (settled.asking || due?.act === 'ask') {
    const told = announce(settled, knowledgeOf(settled, setting.timeline), setting)
    if (settled.asking || !due) return told
    return { state: { ...told.state, asking: due.phase }, commands: [...told.commands, { kind: 'ask', phase: due.phase }] }
  }
  if (due?.act === 'end') return end(settled, setting)
  return due ? open(due, settled, at, setting) : finish(settled, setting)
}

/** An opening that is due; whatever else is due follows. */
function open(boundary: Boundary, state: EnrollmentState, at: number, setting: Setting): Reaction {
  const phase = phaseById(setting.timeline, boundary.phase)
  const opened = begun(phase, state, knowledgeOf(state, setting.timeline), at, setting)
  const rest = goOn(opened.state, at, setting)
  return { state: rest.state, commands: [...opened.commands, ...rest.commands] }
}

function begun(phase: TimelinePhase, state: EnrollmentState, knowledge: Knowledge, at: number, setting: Setting): Reaction {
  switch (phase.kind) {
    case 'check':
    case 'review': {
      const given = { ...state, given: [...state.given, `case/${phase.id}`] }
      // A workflow that comes too late has nothing to open any more; the owner says what became of the child.
      if (closingAt(state, phase) <= at) return { state: given, commands: [] }
      const facts = state.facts.filter(({ aggregate }) => aggregate === 'roster' || aggregate === 'registration' || aggregate === 'case')
      return { state: given, commands: [{ kind: 'open-case', phase: phase.id, facts, revision: revisionOf(state, 'registration') }] }
    }
    case 'notice':
      return { state: { ...state, given: [...state.given, `paper/${phase.id}`] }, commands: [noticePaper(phase, state, knowledge)] }
    case 'arrangement':
      return { state: { ...state, arrangement: openedCase(phase.id, knowledge, at, setting) }, commands: [] }
    case 'closing':
      return {
        state: { ...state, outcomes: { ...state.outcomes, [phase.id]: 'closed' }, ended: { phase: phase.id, reason: phase.ends } },
        commands: [],
      }
    default:
      throw new Error(`Nothing begins with ${phase.kind} ${phase.id}`)
  }
}

function finish(state: EnrollmentState, setting: Setting): Reaction {
  const knowledge = knowledgeOf(state, setting.timeline)
  const letters = lettersDue(state, knowledge, setting)
  const given = letters.length > 0 ? { ...state, given: [...state.given, ...letters.map(({ phase }) => `paper/${phase}`)] } : state
  const told = announce(given, knowledge, setting)
  return { state: told.state, commands: [...letters, ...told.commands] }
}

function end(state: EnrollmentState, setting: Setting): Reaction {
  const knowledge = knowledgeOf(state, setting.timeline)
  const ended = endOfSeason(state, knowledge, setting.timeline)
  const { arrangement: _case, ...rest } = state
  return announce({ ...rest, end: ended }, knowledge, setting)
}

function withCase(state: EnrollmentState, at: number, setting: Setting): EnrollmentState {
  const knowledge = knowledgeOf(state, setting.timeline)
  const { arrangement, ...rest } = state
  const now = caseOf(state, knowledge, at, setting)
  return now === arrangement ? state : now ? { ...rest, arrangement: now } : rest
}

function dueNow(state: EnrollmentState, at: number, setting: Setting): Boundary | undefined {
  return boundariesOf(state, knowledgeOf(state, setting.timeline), setting).find(({ due }) => due <= at)
}
