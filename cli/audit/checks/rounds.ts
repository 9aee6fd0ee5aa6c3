import { createHash } from 'node:crypto'
import type { Timeline } from '../../../policies/timeline.js'
import type { Check, Evidence } from '../evidence.js'
import type { Violation } from '../report.js'

interface RoundRow {
  phase: string
  state: string
  list_hash: string
  seed: string | null
  units: number
  children: number
  admitted: number | null
  not_admitted: number | null
  in_order: boolean
}

/** A unit of the frozen list, as its row has it. */
export interface UnitRow {
  unit: string
  members: string[]
  schools: string[]
}

interface ResultRow {
  child: string
  unit: string
  ticket: string
  outcome: string
  school: string | null
}

/**
 * 5. Every decided round computes again from its record alone: the list has its hash, the hash stood before the
 * seed, the tickets follow from the seed, and the places from tickets, wishes and seats. A second implementation of
 * the rule on purpose.
 */
export const checkRounds: Check = async (evidence) => {
  const { databases, season } = evidence
  const rounds = await databases.query<RoundRow>(
    'allocation',
    `SELECT phase, state, list_hash, seed, units, children, admitted, not_admitted, decided_at IS NULL OR frozen_at <= decided_at AS in_order
     FROM round WHERE season = $1`,
    season,
  )
  const lists = await Promise.all(rounds.map((round) => checkRound(evidence, round)))
  return { violations: lists.flat(), counted: { rounds: rounds.length } }
}

async function checkRound(evidence: Evidence, round: RoundRow): Promise<Violation[]> {
  const { phase } = round
  const units = await read<UnitRow>(evidence, 'SELECT unit, members, schools FROM round_unit', phase)
  const found: Violation[] = []
  const wrong = (what: string, where = phase) => found.push({ check: 'rounds', what, where })
  if (hashOf(units) !== round.list_hash) wrong('its list does not have the hash that was stored at the freeze')
  if (units.length !== round.units || units.flatMap(({ members }) => members).length !== round.children) wrong('its list has another length than its record')
  if (!round.in_order) wrong('it was decided before it was frozen')
  if (round.seed === null) return found
  const results = await read<ResultRow>(evidence, 'SELECT child, unit, ticket, outcome, school FROM round_result', phase)
  const seats = new Map((await read<{ school: string; seats: number }>(evidence, 'SELECT school, seats FROM round_school', phase)).map((row) => [row.school, row.seats]))
  const expected = decideAgain(methodOf(evidence.timeline, phase), units, seats, round.seed)
  for (const school of expected.unknown) wrong('its record does not say how many seats it had', `${phase} ${school}`)
  const recorded = new Map(results.map((row) => [row.child, `${row.ticket} ${row.outcome} ${row.school ?? ''}`]))
  for (const [child, line] of expected.lines) {
    if (recorded.get(child) !== line) wrong(`the record gives ${told(recorded.get(child))}, computed is ${told(line)}`, `${phase} ${child}`)
    recorded.delete(child)
  }
  for (const child of recorded.keys()) wrong('has a result and is not on the list', `${phase} ${child}`)
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  if (admitted !== round.admitted || results.length - admitted !== round.not_admitted) wrong('its counts are not those of its results')
  return found
}

const read = <R extends object>({ databases, season }: Evidence, select: string, phase: string): Promise<R[]> =>
  databases.query<R>('allocation', `${select} WHERE season = $1 AND phase = $2`, season, phase)

const told = (line: string | undefined): string => line?.split(' ').slice(1).join(' ').trim() ?? 'nothing'

const methodOf = ({ phases }: Timeline, id: string): string => {
  const phase = phases.find((candidate) => candidate.id === id)
  return phase?.kind === 'round' ? phase.method : 'unknown'
}

const inTextOrder = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

/** SHA-256 over a line `[unit, members, schools]` for each unit, in the order of the units' ids. */
export function hashOf(units: readonly UnitRow[]): string {
  const lines = [...units].sort((a, b) => inTextOrder(a.unit, b.unit)).map(({ unit, members, schools }) => `${JSON.stringify([unit, members, schools])}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}

const ticketOf = (seed: string, unit: string): string => createHash('sha256').update(Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(unit)])).digest('hex')

/** By child `ticket outcome school`; and schools whose seats nobody wrote down. */
interface Recomputed {
  lines: Map<string, string>
  unknown: Set<string>
}

/**
 * Serves the units by ticket, in a catchment those with one school before those with several; each gets the first of
 * its schools that has a seat for every member.
 */
export function decideAgain(method: string, units: readonly UnitRow[], seats: ReadonlyMap<string, number>, seed: string): Recomputed {
  const left = new Map(seats)
  const unknown = new Set<string>()
  const served = units.map((unit) => ({ ...unit, ticket: ticketOf(seed, unit.unit), late: method === 'catchment' && unit.schools.length > 1 }))
  served.sort((a, b) => Number(a.late) - Number(b.late) || inTextOrder(a.ticket, b.ticket) || inTextOrder(a.unit, b.unit))
  const lines = new Map<string, string>()
  for (const { members, schools, ticket } of served) {
    for (const school of schools) if (!left.has(school)) unknown.add(school)
    const school = schools.find((candidate) => (left.get(candidate) ?? 0) >= members.length)
    if (school !== undefined) left.set(school, left.get(school)! - members.length)
    for (const child of members) lines.set(child, `${ticket} ${school === undefined ? 'not-admitted' : 'admitted'} ${school ?? ''}`)
  }
  return { lines, unknown }
}
