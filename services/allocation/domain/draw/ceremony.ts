import {
  DRAW_FORMAT, type CheckedGroup, type CommitStep, type DrawGroup, type DrawRound, type DrawStep, type DrawSteps, type DrawTranscript, type DrawnGroup, type FreezeStep, type Implementation, type RevealStep,
} from '../../../../contracts/draw.js'
import type { ResultFile, RoundApplicant, RoundFile } from '../../../../contracts/rounds.js'
import { sha256Hex } from '../../../../platform/crypto.js'
import { allocate } from '../rounds/engine/allocate.js'
import { inOrderOfIds } from '../rounds/engine/digest.js'
import { byText } from '../rounds/list.js'
import { ticketOf } from '../rounds/ticket.js'
import { digestOf, stepHash } from './digest.js'
import { freezeGroup } from './freeze.js'
import { seedOf } from './seed.js'

/**
 * The steps of a draw, each of which takes the transcript as far as it goes and gives it with one step more.
 * docs/draw.md says what each step contains. None of them checks what it is given: `verifyDraw` does.
 */

type Own<S extends { hash: string }> = Omit<S, 'previous' | 'hash'>

/** Decides a round; the engine's `allocate` unless tickets are known already. */
export type Decide = (round: RoundFile, ticketOf: (unit: string) => string) => ResultFile

/** @param rounds without faults, in the order in which they are published; a seed they have is not used */
export function freeze({ rule, rounds, previous, ...step }: { rule: string; rounds: readonly RoundFile[] } & Omit<FreezeStep, 'groups' | 'hash'>): DrawTranscript {
  const frozen = rounds.map((round) => {
    const ordered = inOrder(round)
    return { round: ordered, ...freezeGroup(ordered) }
  })
  return {
    format: DRAW_FORMAT,
    rule,
    groups: frozen.map(({ round, entries }) => ({ round, entries })),
    freeze: hashed({ ...step, ...(previous !== undefined && { previous }), groups: frozen.map(({ group }) => group) }),
  }
}

function inOrder({ seed: _seed, ...round }: RoundFile): DrawRound {
  const ordered = inOrderOfIds(round)
  return { ...ordered, applicants: ordered.applicants.map(asWritten) }
}

// The long lists are written with their members in canonical order, which is hashed several times as fast.
function asWritten({ choices, class: ofClass, id, keys, unit }: RoundApplicant): RoundApplicant {
  return { choices, ...(ofClass !== undefined && { class: ofClass }), id, ...(keys && { keys: Object.fromEntries(Object.entries(keys).sort(([a], [b]) => byText(a, b))) }), ...(unit !== undefined && { unit }) }
}

const inCanonicalOrder = (result: ResultFile): ResultFile =>
  ({ ...result, assignments: result.assignments.map(({ applicant, choice, reason, school }) => ({ applicant, choice, reason, school })) })

export const commit = <D extends DrawSteps>(draw: D, step: Omit<Own<CommitStep>, 'rule'>): D =>
  ({ ...draw, commit: next(draw.freeze, { ...step, rule: sha256Hex(draw.rule) }) })

export const reveal = <D extends DrawSteps>(draw: D, step: Own<RevealStep>): D => ({ ...draw, reveal: next(draw.commit!, step) })

/** Draws a seed for each group, a ticket for each unit, and decides. */
export const draw = (transcript: DrawTranscript, { at }: { at: string }, decide: Decide = allocate): DrawTranscript =>
  drawOpen({ ...transcript, groups: transcript.groups.map(({ round, entries }) => ({ round, entries })) }, { at }, decide)

/** Decides the groups that have no result. */
function drawOpen(transcript: DrawTranscript, step: { at: string; after?: string }, decide: Decide): DrawTranscript {
  const { freeze: frozen, commit: { hash } = missing('commit'), reveal: revealed = missing('reveal') } = transcript
  const drawn = transcript.groups.map(({ round, entries, result: former }, index): Required<DrawGroup> & { step: DrawnGroup } => {
    const seed = seedOf({ group: round.id, list: frozen.groups[index]!.list, commit: hash, parts: revealed.parts })
    const tickets = new Map(entries.map(({ unit }) => [unit, ticketOf(seed, unit)]))
    const result = former ?? inCanonicalOrder(decide({ ...round, seed }, (unit) => tickets.get(unit)!))
    return { round, entries: entries.map((entry) => ({ ...entry, ticket: tickets.get(entry.unit)! })), result, step: { id: round.id, seed, result: digestOf(result) } }
  })
  return {
    ...transcript,
    groups: drawn.map(({ round, entries, result }) => ({ round, entries, result })),
    draw: next(revealed, { ...step, groups: drawn.map(({ step }) => step) }),
  }
}

/**
 * Begins a supplement, for the groups that a published draw has held back: from the same list and randomness they are
 * decided again, and everybody who went out stays as it was.
 */
export function supplement({ draw: _draw, check: _check, publish: published = missing('publish'), ...transcript }: DrawTranscript, { at }: { at: string }, decide: Decide = allocate): DrawTranscript {
  return drawOpen(transcript, { at, after: published.hash }, decide)
}

/** @param alarms by group, why its check did not agree; such a group is held back */
export function check(transcript: DrawTranscript, { at, by, alarms }: { at: string; by: Implementation[]; alarms: ReadonlyMap<string, string> }): DrawTranscript {
  const checked = transcript.groups.map(({ round: { id } }): CheckedGroup => {
    const alarm = alarms.get(id)
    return alarm === undefined ? { id, agreed: true } : { id, agreed: false, alarm }
  })
  return {
    ...transcript,
    groups: transcript.groups.map(({ result, ...group }) => (alarms.has(group.round.id) ? group : { ...group, result })),
    check: next(transcript.draw!, { at, by, groups: checked }),
  }
}

export const publish = <D extends DrawSteps>(draw: D, { at }: { at: string }): D => ({ ...draw, publish: next(draw.check!, { at }) })

const next = <S extends { at: string }>({ hash: previous }: { hash: string }, step: S): S & DrawStep => hashed({ ...step, previous })

const hashed = <S extends object>(step: S): S & { hash: string } => ({ ...step, hash: stepHash({ ...step, hash: '' }) })

function missing(step: string): never {
  throw new Error(`The transcript has no ${step} yet`)
}
