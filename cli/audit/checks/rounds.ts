import { createHash } from 'node:crypto'
import type { RoundOrder } from '../../../policies/language.js'
import type { Timeline } from '../../../policies/timeline.js'
import { canonicalJson } from '../../../platform/crypto.js'
import type { Check, Evidence } from '../evidence.js'
import type { Violation } from '../report.js'
import { checkResidualRound } from './residual.js'

interface RoundRow {
  phase: string
  state: string
  list_hash: string
  seed: string | null
  run: number | null
  input_digest: string | null
  units: number
  children: number
  admitted: number | null
  not_admitted: number | null
  in_order: boolean
}

type Keys = Record<string, number | string>

/** A unit of the frozen list, as its row has it. */
export interface UnitRow {
  unit: string
  members: string[]
  schools: string[]
  /** By member; null where the policy puts the round in no order. */
  keys: Record<string, Keys> | null
}

interface RunRow {
  run: number
  input: RunInput
  result: { inputDigest: string; assignments: { applicant: string; school: string | null }[] }
}

interface RunInput {
  seed: string
  schools: { id: string; plan: number }[]
  applicants: { id: string; choices: string[]; unit?: string; keys?: Keys }[]
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
 * seed, the run that decided it was made of that list and seed, the tickets follow from the seed, and the places from
 * the policy's order, tickets, wishes and seats. A second implementation of the rule on purpose.
 */
export const checkRounds: Check = async (evidence) => {
  const { databases, season } = evidence
  const rounds = await databases.query<RoundRow>(
    'allocation',
    `SELECT phase, state, list_hash, seed, run, input_digest, units, children, admitted, not_admitted, decided_at IS NULL OR frozen_at <= decided_at AS in_order
     FROM round WHERE season = $1`,
    season,
  )
  const lists = await Promise.all(rounds.map((round) => checkRound(evidence, round)))
  return { violations: lists.flat(), counted: { rounds: rounds.length } }
}

async function checkRound(evidence: Evidence, round: RoundRow): Promise<Violation[]> {
  const { phase } = round
  const units = await read<UnitRow>(evidence, 'SELECT unit, members, schools, keys FROM round_unit', phase)
  const found: Violation[] = []
  const wrong = (what: string, where = phase) => found.push({ check: 'rounds', what, where })
  if (hashOf(units) !== round.list_hash) wrong('its list does not have the hash that was stored at the freeze')
  if (units.length !== round.units || units.flatMap(({ members }) => members).length !== round.children) wrong('its list has another length than its record')
  if (!round.in_order) wrong('it was decided before it was frozen')
  if (round.seed === null) return found
  if (evidence.timeline.phases.some((one) => one.id === phase && one.kind === 'round' && one.method === 'residual')) {
    await checkResidualRound(evidence, round, units, wrong)
    return found
  }
  const [run] = (await read<RunRow>(evidence, 'SELECT run, input, result FROM round_run', phase)).filter(({ run: number }) => number === round.run)
  if (!run) return [...found, { check: 'rounds', what: 'the run that decided it is not kept', where: phase }]
  const rule = ruleOf(evidence.timeline, phase)
  checkRun(run, round, units, rule, wrong)
  const results = await read<ResultRow>(evidence, 'SELECT child, unit, ticket, outcome, school FROM round_result', phase)
  const seats = new Map(run.input.schools.map(({ id, plan }) => [id, plan]))
  const expected = decideAgain(rule, units, seats, round.seed)
  for (const school of expected.unknown) wrong('its record does not say how many seats it had', `${phase} ${school}`)
  const recorded = new Map(results.map((row) => [row.child, `${row.ticket} ${row.outcome} ${row.school ?? ''}`]))
  for (const [child, line] of expected.lines) {
    if (recorded.get(child) !== line) wrong(`the record gives ${told(recorded.get(child))}, computed is ${told(line)}`, `${phase} ${child}`)
    recorded.delete(child)
  }
  for (const child of recorded.keys()) wrong('has a result and is not on the list', `${phase} ${child}`)
  const given = new Map(run.result.assignments.map(({ applicant, school }) => [applicant, school]))
  for (const { child, school } of results) if (given.get(child) !== school) wrong('has another result than the run gave', `${phase} ${child}`)
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  if (admitted !== round.admitted || results.length - admitted !== round.not_admitted) wrong('its counts are not those of its results')
  return found
}

/** The run was made of the frozen list and the round's seed, and its digest says so. */
function checkRun({ input, result }: RunRow, round: RoundRow, units: readonly UnitRow[], { oneSchoolFirst }: Rule, wrong: (what: string) => void): void {
  if (input.seed !== round.seed) wrong('its run was made with another seed')
  if (digestOf(input) !== round.input_digest || result.inputDigest !== round.input_digest) wrong('its run does not have the digest of its record')
  const decided = input.applicants.map(({ id, unit, choices, keys = {} }) => canonicalJson([id, unit ?? id, choices, keys]))
  const listed = units.flatMap(({ unit, members, schools, keys }) =>
    members.map((id) => canonicalJson([id, unit, schools, { ...keys?.[id], ...(oneSchoolFirst && { severalSchools: schools.length > 1 ? 1 : 0 }) }])))
  if (decided.sort().join('\n') !== listed.sort().join('\n')) wrong('its run was made of another list')
}

const read = <R extends object>({ databases, season }: Evidence, select: string, phase: string): Promise<R[]> =>
  databases.query<R>('allocation', `${select} WHERE season = $1 AND phase = $2`, season, phase)

const told = (line: string | undefined): string => line?.split(' ').slice(1).join(' ').trim() ?? 'nothing'

/** How the policy serves the units of a round. */
export interface Rule {
  order: readonly RoundOrder[]
  /** A unit with one school comes before one that another school may take. */
  oneSchoolFirst: boolean
}

function ruleOf({ phases }: Timeline, id: string): Rule {
  const phase = phases.find((candidate) => candidate.id === id)
  return phase?.kind === 'round' ? { order: phase.order, oneSchoolFirst: phase.method === 'catchment' } : { order: [], oneSchoolFirst: false }
}

const inTextOrder = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

const digest = (lines: readonly unknown[]): string => createHash('sha256').update(lines.map((line) => `${canonicalJson(line)}\n`).join('')).digest('hex')

/** SHA-256 over a line `[unit, members, schools]`, and the keys if there are any, for each unit, in the order of their ids. */
export function hashOf(units: readonly UnitRow[]): string {
  const sorted = [...units].sort((a, b) => inTextOrder(a.unit, b.unit))
  return digest(sorted.map(({ unit, members, schools, keys }) => (keys ? [unit, members, schools, keys] : [unit, members, schools])))
}

/** The round without its lists, then a line for each school and each applicant, in the order of their ids. */
function digestOf({ schools, applicants, ...rest }: RunInput): string {
  const sorted = [schools, applicants].flatMap((list) => [...list].sort((a, b) => inTextOrder(a.id, b.id)))
  return `sha256:${digest([rest, ...sorted])}`
}

const ticketOf = (seed: string, unit: string): string => createHash('sha256').update(Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(unit)])).digest('hex')

/** By child `ticket outcome school`; and schools whose seats nobody wrote down. */
interface Recomputed {
  lines: Map<string, string>
  unknown: Set<string>
}

/**
 * Serves the units in the policy's order, then where the rule says so those with one school before those with several,
 * then by ticket; each gets the first of its schools that has a seat for every member. The member who comes last in
 * the policy's order counts for its unit.
 */
export function decideAgain({ order, oneSchoolFirst }: Rule, units: readonly UnitRow[], seats: ReadonlyMap<string, number>, seed: string): Recomputed {
  const left = new Map(seats)
  const unknown = new Set<string>()
  const served = units.map((unit) => ({
    ...unit, ticket: ticketOf(seed, unit.unit), late: oneSchoolFirst && unit.schools.length > 1,
    counts: Object.values(unit.keys ?? {}).sort((a, b) => inPolicyOrder(order, a, b)).at(-1) ?? {},
  }))
  served.sort((a, b) => inPolicyOrder(order, a.counts, b.counts) || Number(a.late) - Number(b.late) || inTextOrder(a.ticket, b.ticket))
  const lines = new Map<string, string>()
  for (const { members, schools, ticket } of served) {
    for (const school of schools) if (!left.has(school)) unknown.add(school)
    const school = schools.find((candidate) => (left.get(candidate) ?? 0) >= members.length)
    if (school !== undefined) left.set(school, left.get(school)! - members.length)
    for (const child of members) lines.set(child, `${ticket} ${school === undefined ? 'not-admitted' : 'admitted'} ${school ?? ''}`)
  }
  return { lines, unknown }
}

/** Who meets a rule comes first; of a fact the earliest or highest, and who has none last. */
function inPolicyOrder(order: readonly RoundOrder[], a: Keys, b: Keys): number {
  for (const by of order) {
    const first = 'rule' in by ? `${by.rule}.unmet` : `${by.fact}.unknown`
    if (a[first] !== b[first]) return Number(a[first]) - Number(b[first])
    if ('rule' in by || a[by.fact] === b[by.fact]) continue
    return a[by.fact]! < b[by.fact]! === (by.first === 'earliest') ? -1 : 1
  }
  return 0
}
