import type { CheckStep, DrawDrawStep, DrawGroup, DrawTranscript, RevealStep } from '../../../../../contracts/draw.js'
import type { ResultFile } from '../../../../../contracts/rounds.js'
import { allocateInOrder } from '../../rounds/engine/allocate.js'
import { ticketOf } from '../../rounds/ticket.js'
import { digestOf } from '../digest.js'
import { seedOf } from '../seed.js'
import type { Chain } from './chain.js'
import type { Findings } from './finding.js'
import type { CheckedFreeze } from './frozen.js'
import { revealedBy } from './revealed.js'

/** Checks that nothing of the draw is there before it is held. */
export function checkNotDrawn({ groups }: DrawTranscript, findings: Findings): void {
  for (const [index, { entries, result }] of groups.entries()) {
    const drawn = entries.findIndex(({ ticket }) => ticket !== undefined)
    if (drawn >= 0) findings.add('draw', ['groups', index, 'entries', drawn, 'ticket'], 'before-its-step')
    if (result) findings.add('draw', ['groups', index, 'result'], 'before-its-step')
  }
}

/**
 * Draws and decides again, and compares. What was decided of a group that is held back is no finding, right or wrong.
 * @returns by group that is held back and can be decided, whether its digest is that of the result decided here
 */
export function checkDraw(transcript: DrawTranscript, { draw, reveal, chain }: { draw: DrawDrawStep; reveal: RevealStep; chain: Chain }, frozen: readonly CheckedFreeze[], findings: Findings): Map<number, boolean> {
  const { groups, commit, check } = transcript
  const confirmed = new Map<number, boolean>()
  if (revealedBy(reveal) < (commit!.least ?? 0)) findings.compare('draw', ['draw'], 'too-few-revealed', commit!.least, revealedBy(reveal))
  checkIds(groups, draw.groups, 'draw', findings)
  for (const [index, group] of groups.entries()) {
    const recorded = draw.groups[index]
    const seed = seedOf({ group: group.round.id, list: frozen[index]!.list, commit: chain.hashOf('commit'), parts: reveal.parts })
    if (recorded) findings.compare('draw', ['draw', 'groups', index, 'seed'], 'seed-differs', seed, recorded.seed)
    const tickets = checkTickets(group, index, seed, findings)
    if (!frozen[index]!.isSound) continue
    const result = allocateInOrder({ ...group.round, seed }, (unit) => tickets.get(unit)!, frozen[index]!.texts)
    if (isHeld(check, index)) {
      confirmed.set(index, digestOf(result) === recorded?.result)
      continue
    }
    const isSame = compareResults(result, group.result, index, findings)
    if (recorded) findings.compare('draw', ['draw', 'groups', index, 'result'], 'result-digest-differs', digestOf(isSame ? group.result : result), recorded.result)
  }
  return confirmed
}

/** Checks that implementations of two names agreed on what is published, and that nothing else is. */
export function checkCheck({ groups }: DrawTranscript, check: CheckStep, findings: Findings): void {
  checkIds(groups, check.groups, 'check', findings)
  const [first, ...others] = check.by
  if (others.every(({ name }) => name === first?.name)) findings.add('check', ['check', 'by'], 'one-implementation', { found: first?.name })
  for (const [index, { result }] of groups.entries()) {
    if (result && isHeld(check, index)) findings.add('check', ['groups', index, 'result'], 'result-held-back')
  }
}

export const isHeld = (check: CheckStep | undefined, index: number): boolean => check?.groups[index]?.agreed === false

function checkIds(groups: readonly DrawGroup[], named: readonly { id: string }[], step: 'draw' | 'check', findings: Findings): void {
  findings.compare(step, [step, 'groups'], 'groups-differ', groups.length, named.length)
  for (const [index, { id }] of named.entries()) if (groups[index]) findings.compare(step, [step, 'groups', index, 'id'], 'groups-differ', groups[index].round.id, id)
}

function checkTickets({ entries, round }: DrawGroup, index: number, seed: string, findings: Findings): Map<string, string> {
  const tickets = new Map<string, string>()
  for (const [entry, { unit, ticket }] of entries.entries()) {
    const drawn = ticketOf(seed, unit)
    tickets.set(unit, drawn)
    if (drawn !== ticket) findings.compare('draw', ['groups', index, 'entries', entry, ...(ticket === undefined ? [] : ['ticket'])], 'ticket-differs', drawn, ticket)
  }
  // A unit that the entries leave out has its ticket all the same.
  for (const { id, unit = id } of round.applicants) if (!tickets.has(unit)) tickets.set(unit, ticketOf(seed, unit))
  return tickets
}

const MEMBERS = ['applicant', 'school', 'choice', 'reason'] as const

/** @returns whether they are the same */
function compareResults(computed: ResultFile, found: ResultFile | undefined, index: number, findings: Findings): boolean {
  if (!found) {
    findings.add('draw', ['groups', index], 'result-missing')
    return false
  }
  const before = findings.all.length
  const differs = (path: PropertyKey[], one: string | number | null | undefined, other: string | number | null | undefined) =>
    findings.compare('draw', ['groups', index, 'result', ...path], 'result-differs', one, other)

  differs(['round'], computed.round, found.round)
  differs(['inputDigest'], computed.inputDigest, found.inputDigest)
  differs(['assignments'], computed.assignments.length, found.assignments.length)
  for (const [at, one] of computed.assignments.entries()) {
    const other = found.assignments[at]
    if (other) for (const member of MEMBERS) if (one[member] !== other[member]) differs(['assignments', at, member], one[member], other[member])
  }
  for (const school of new Set([...Object.keys(computed.reserves), ...Object.keys(found.reserves)])) {
    const [one, other] = [computed.reserves[school], found.reserves[school]]
    if (one?.length !== other?.length) differs(['reserves', school], one?.length, other?.length)
    else one!.forEach((applicant, at) => applicant !== other![at] && differs(['reserves', school, at], applicant, other![at]))
  }
  return findings.all.length === before
}
