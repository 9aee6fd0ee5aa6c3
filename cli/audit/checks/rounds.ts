import { createHash } from 'node:crypto'
import type { DrawTranscript } from '../../../contracts/draw.js'
import type { UnitOverflow } from '../../../contracts/rounds.js'
import type { RoundOrder } from '../../../policies/language.js'
import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { transcriptFrom, type StepRecord } from '../../../services/allocation/domain/draw/record.js'
import { standingOf } from '../../../services/allocation/domain/draw/standing.js'
import { verifyDraw } from '../../../services/allocation/domain/draw/verify/verify.js'
import type { Check, Evidence } from '../evidence.js'
import { keyFaults } from './keys.js'
import { momentAt, readingsAt } from './known.js'
import { listFaults } from './lists.js'
import type { Violation } from '../report.js'
import { checkResidualRound } from './residual.js'

interface RoundRow {
  phase: string
  state: string
  list_hash: string
  run: number
  supplement: number
  units: number
  children: number
  admitted: number | null
  not_admitted: number | null
}

export type Keys = Record<string, number | string>

/** A unit of the frozen list, as its row has it. */
export interface UnitRow {
  unit: string
  members: string[]
  schools: string[]
  /** By member; null where the policy puts the round in no order. */
  keys: Record<string, Keys> | null
}

interface StepRow extends StepRecord {
  run: number
  supplement: number
}

interface ResultRow {
  child: string
  unit: string
  ticket: string
  outcome: string
  school: string | null
  reason: string | null
}

/**
 * 5. The list of every round is what the policy makes of the facts as they were told before its freeze. The round computes
 * again from its record alone: each transcript agrees with itself by the verifier of the
 * platform, the frozen list is the one it was made of, and the results are those that a second implementation of the
 * rule, here, finds by the policy's order, tickets, wishes and seats. A group held back has none.
 */
export const checkRounds: Check = async (evidence) => {
  const { databases, season } = evidence
  const rounds = await databases.query<RoundRow>(
    'allocation',
    'SELECT phase, state, list_hash, run, supplement, units, children, admitted, not_admitted FROM round WHERE season = $1',
    season,
  )
  const lists = await Promise.all(rounds.map((round) => checkRound(evidence, round)))
  return { violations: lists.flat(), counted: { rounds: rounds.length } }
}

type Wrong = (what: string, where?: string) => void

async function checkRound(evidence: Evidence, round: RoundRow): Promise<Violation[]> {
  const { phase } = round
  const units = await read<UnitRow>(evidence, 'SELECT unit, members, schools, keys FROM round_unit', phase)
  const found: Violation[] = []
  const wrong: Wrong = (what, where = phase) => found.push({ check: 'rounds', what, where })
  if (hashOf(units) !== round.list_hash) wrong('its list does not have the hash that was stored at the freeze')
  if (units.length !== round.units || units.flatMap(({ members }) => members).length !== round.children) wrong('its list has another length than its record')
  const steps = await read<StepRow>(evidence, 'SELECT run, supplement, step, body FROM round_step', phase)
  const voids = new Set((await read<{ run: number }>(evidence, 'SELECT run FROM round_void', phase)).map(({ run }) => run))
  if ((round.state === 'void') !== voids.has(round.run)) wrong('its state is not that of its runs')
  for (let run = 1; run < round.run; run += 1) checkFormerRun(run, steps, voids.has(run), wrong)
  for (let supplement = 0; supplement <= round.supplement; supplement += 1) {
    checkTranscript(`run ${round.run}${supplement > 0 ? `, supplement ${supplement}` : ''}`, transcriptOf(steps, round.run, supplement), wrong)
  }
  const draw = transcriptOf(steps, round.run, round.supplement)
  if (!draw) return found
  const isDecided = round.state === 'decided' || round.state === 'published'
  const results = await read<ResultRow>(evidence, 'SELECT child, unit, ticket, outcome, school, reason FROM round_result', phase)
  if (!isDecided && results.length > 0) wrong('has results and is not decided')
  const rule = ruleOf(evidence.timeline, phase)
  checkList(draw, units, rule, wrong)
  checkAsFrozen(evidence, phase, units, wrong)
  if (isResidual(evidence.timeline, phase)) {
    if (isDecided) await checkResidualRound(evidence, round, draw, wrong)
    return found
  }
  if ((round.state === 'published') !== (draw.publish !== undefined)) wrong('its state is not that of its draw')
  if (isDecided) checkResults(round, draw, results, { rule, units }, wrong)
  return found
}

/** The list is what the policy makes of what was known when it was frozen; the same for each run of the round. */
function checkAsFrozen({ timeline, log }: Evidence, id: string, units: readonly UnitRow[], wrong: Wrong): void {
  const round = phasesOfKind(timeline, 'round').find((phase) => phase.id === id)
  const at = log.frozenAt.get(id)?.[0]
  if (!round || at === undefined) return wrong('was frozen and nobody was told')
  for (const { child, what } of listFaults(timeline, round, units, log, at)) wrong(what, `${id} ${child}`)
  if (round.method === 'residual') return
  const moment = momentAt(log, at)
  const factsOf = (child: string) => readingsAt(timeline, log.told.get(child) ?? [], moment)[0]!.facts
  for (const { child, key } of keyFaults(timeline, ruleOf(timeline, id), units, factsOf)) wrong(`is listed with another ${key} than its facts give`, `${id} ${child}`)
}

/** The steps of a supplement stand on the list and the randomness of its run. */
const transcriptOf = (steps: readonly StepRow[], run: number, supplement: number): DrawTranscript | undefined =>
  transcriptFrom(steps.filter((step) => step.run === run && (step.supplement === supplement || ['freeze', 'commit', 'reveal'].includes(step.step))))

function checkTranscript(which: string, draw: DrawTranscript | undefined, wrong: Wrong): void {
  if (!draw) return wrong(`the draw of ${which} is not kept`)
  for (const { step, at, what, more = 0 } of verifyDraw(draw).findings) wrong(`its transcript of ${which} does not agree: ${step} ${at} ${what}${more > 0 ? ` and ${more} more` : ''}`)
}

/** A run that another one followed: it failed or was declared void, and the next one names its last step. */
function checkFormerRun(run: number, steps: readonly StepRow[], isVoid: boolean, wrong: Wrong): void {
  const draw = transcriptOf(steps, run, 0)
  checkTranscript(`run ${run}`, draw, wrong)
  if (!draw) return
  const { hash, again } = standingOf(draw)
  if (!again && !isVoid) wrong(`its run ${run} was followed by another, and had not failed nor been declared void`)
  const next = transcriptOf(steps, run + 1, 0)
  if (next && next.freeze.previous !== hash) wrong(`its run ${run + 1} does not follow the last step of run ${run}`)
}

const isResidual = ({ phases }: Timeline, id: string): boolean => phases.some((phase) => phase.id === id && phase.kind === 'round' && phase.method === 'residual')

/** The groups are made of the frozen list and nothing else. */
function checkList({ groups }: DrawTranscript, units: readonly UnitRow[], { oneSchoolFirst }: Rule, wrong: Wrong): void {
  const drawn = groups.flatMap(({ round }) => round.applicants.map(({ id, unit, choices, keys = {} }) => canonicalJson([id, unit ?? id, choices, keys])))
  const listed = units.flatMap(({ unit, members, schools, keys }) =>
    members.map((id) => canonicalJson([id, unit, schools, { ...keys?.[id], ...(oneSchoolFirst && { severalSchools: schools.length > 1 ? 1 : 0 }) }])))
  if (drawn.sort().join('\n') !== listed.sort().join('\n')) wrong('its draw was made of another list')
}

function checkResults(round: RoundRow, { groups, draw }: DrawTranscript, results: readonly ResultRow[], { rule, units }: { rule: Rule; units: readonly UnitRow[] }, wrong: Wrong): void {
  const { phase } = round
  const byMember = new Map(units.flatMap((unit) => unit.members.map((member) => [member, unit] as const)))
  const recorded = new Map(results.map((row) => [row.child, lineOf(row.ticket, row.school, row.reason === 'over-plan')]))
  for (const [index, { round: { schools, applicants }, result }] of groups.entries()) {
    if (!result) continue
    const own = new Set(applicants.flatMap(({ id }) => byMember.get(id) ?? []))
    const expected = decideAgain(rule, [...own], new Map(schools.map(({ id, plan }) => [id, plan])), draw!.groups[index]!.seed)
    for (const school of expected.unknown) wrong('its record does not say how many seats it had', `${phase} ${school}`)
    for (const [child, line] of expected.lines) {
      if (recorded.get(child) !== line) wrong(`the record gives ${told(recorded.get(child))}, computed is ${told(line)}`, `${phase} ${child}`)
      recorded.delete(child)
    }
  }
  for (const child of recorded.keys()) wrong('has a result and was not drawn, or is held back', `${phase} ${child}`)
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  if (admitted !== round.admitted || results.length - admitted !== round.not_admitted) wrong('its counts are not those of its results')
}

const read = <R extends object>({ databases, season }: Evidence, select: string, phase: string): Promise<R[]> =>
  databases.query<R>('allocation', `${select} WHERE season = $1 AND phase = $2`, season, phase)

const told = (line: string | undefined): string => line?.split(' ').slice(1).join(' ').trim() ?? 'nothing'

/** How the policy serves the units of a round. */
export interface Rule {
  order: readonly RoundOrder[]
  /** A unit with one school comes before one that another school may take. */
  oneSchoolFirst: boolean
  /** What happens to a unit for which the last seats do not suffice. */
  lastSeat: UnitOverflow
}

function ruleOf({ phases }: Timeline, id: string): Rule {
  const phase = phases.find((candidate) => candidate.id === id)
  if (phase?.kind !== 'round') return { order: [], oneSchoolFirst: false, lastSeat: 'skip' }
  return { order: phase.order, oneSchoolFirst: phase.method === 'catchment', lastSeat: phase.lastSeat ?? 'skip' }
}

const inTextOrder = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

const digest = (lines: readonly unknown[]): string => createHash('sha256').update(lines.map((line) => `${canonicalJson(line)}\n`).join('')).digest('hex')

/** SHA-256 over a line `[unit, members, schools]`, and the keys if there are any, for each unit, in the order of their ids. */
export function hashOf(units: readonly UnitRow[]): string {
  const sorted = [...units].sort((a, b) => inTextOrder(a.unit, b.unit))
  return digest(sorted.map(({ unit, members, schools, keys }) => (keys ? [unit, members, schools, keys] : [unit, members, schools])))
}

const ticketOf = (seed: string, unit: string): string => createHash('sha256').update(Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(unit)])).digest('hex')

const lineOf = (ticket: string, school: string | null, isOverPlan: boolean): string =>
  `${ticket} ${school === null ? 'not-admitted' : 'admitted'} ${school ?? ''}${isOverPlan ? ' over-plan' : ''}`

/** By child `ticket outcome school`, and whether it is over plan; and schools whose seats nobody wrote down. */
interface Recomputed {
  lines: Map<string, string>
  unknown: Set<string>
}

/**
 * Serves the units in the policy's order, then where the rule says so those with one school before those with several,
 * then by ticket; each gets the first of its schools that has a seat for every member, or for one where the others are
 * admitted over plan; or each member is served alone, in order of registration. The member who comes last in the policy's
 * order counts for its unit.
 */
export function decideAgain({ order, oneSchoolFirst, lastSeat }: Rule, units: readonly UnitRow[], seats: ReadonlyMap<string, number>, seed: string): Recomputed {
  const left = new Map(seats)
  const unknown = new Set<string>()
  const served = units.map((unit) => ({
    ...unit, ticket: ticketOf(seed, unit.unit), late: oneSchoolFirst && unit.schools.length > 1,
    counts: Object.values(unit.keys ?? {}).sort((a, b) => inPolicyOrder(order, a, b)).at(-1) ?? {},
  }))
  served.sort((a, b) => inPolicyOrder(order, a.counts, b.counts) || Number(a.late) - Number(b.late) || inTextOrder(a.ticket, b.ticket))
  const lines = new Map<string, string>()
  for (const { members, schools, ticket, keys } of served) {
    for (const school of schools) if (!left.has(school)) unknown.add(school)
    const registered = (child: string) => `${keys?.[child]?.registeredAt ?? ''} ${child}`
    const inOrder = [...members].sort((a, b) => inTextOrder(registered(a), registered(b)))
    for (const together of lastSeat === 'split' ? inOrder.map((child) => [child]) : [inOrder]) {
      const needed = lastSeat === 'admit' ? 1 : together.length
      const school = schools.find((candidate) => (left.get(candidate) ?? 0) >= needed) ?? null
      for (const child of together) {
        const seats = school === null ? 0 : left.get(school)!
        lines.set(child, lineOf(ticket, school, school !== null && seats === 0))
        if (seats > 0) left.set(school!, seats - 1)
      }
    }
  }
  return { lines, unknown }
}

/** Who meets a rule comes first; of a fact the earliest or highest, and who has none last. */
function inPolicyOrder(order: readonly RoundOrder[], a: Keys, b: Keys): number {
  for (const by of order) {
    const first = 'rule' in by ? `${by.rule}.unmet` : `${by.fact}.unknown`
    if (a[first] !== b[first]) return Number(a[first]) - Number(b[first])
    if ('rule' in by) continue
    const value = by.first === 'earliest' ? by.fact : `${by.fact}.hundredths`
    if (a[value] !== b[value]) return a[value]! < b[value]! === (by.first === 'earliest') ? -1 : 1
  }
  return 0
}
