import { createHash } from 'node:crypto'
import type { EndState } from '../../contracts/enrollment.js'
import { DRAW_STEPS, type DrawTranscript } from '../../contracts/draw.js'
import { eventSource, type Event, type Topic } from '../../contracts/events/envelope.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { Timeline } from '../../policies/timeline.js'
import type { RoundFile } from '../../contracts/rounds.js'
import { canonicalJson } from '../../platform/crypto.js'
import { check, commit, draw, freeze, publish, reveal } from '../../services/allocation/domain/draw/ceremony.js'
import { bodyOf } from '../../services/allocation/domain/draw/record.js'
import { commitmentOf } from '../../services/allocation/domain/draw/witness.js'
import type { DatabaseName } from './sources/databases.js'
import type { World } from './world.fixture.js'

export const [ENROLLED, LEFT, ARRANGED] = ['a', 'b', 'c'].map((letter) => `c${letter.repeat(25)}`) as [string, string, string]
export const OPENS = Date.parse('2022-05-12T01:00:00.000Z')
export const CLOSES = OPENS + 60_000
/** When the round's results were out. */
const PUBLISHED = CLOSES + 10
const iso = (ms: number): string => new Date(ms).toISOString()

export const ENDS: Record<string, EndState> = {
  [ENROLLED]: { kind: 'enrolled', route: 'catchment', round: 'zoning', school: 's1' },
  [LEFT]: { kind: 'withdrawn', reason: 'moved-away' },
  [ARRANGED]: { kind: 'arranged', phase: 'desk', school: 's2' },
}

/** Every phase with its owner; each window is a minute. */
const OWNED: Record<string, { owner: DatabaseName; kind: string; [term: string]: unknown }> = {
  register: { owner: 'registration', kind: 'registration', form: 'information' },
  review: { owner: 'verification', kind: 'review', needs: [], judges: [], finds: [] },
  zoning: {
    owner: 'allocation', kind: 'round', method: 'catchment', order: [], seats: ['any'], address: 'home.address', approval: 'four-eyes',
    who: { op: 'form', form: 'information', is: 'filed' },
  },
  'check-in': { owner: 'allocation', kind: 'check-in', of: ['zoning'] },
  desk: { owner: 'allocation', kind: 'arrangement', seats: ['any'], ways: [], who: { op: 'seat', is: ['none'] } },
}

const timelineOf = (season: string): Timeline => ({
  policy: { id: season, version: 1, hash: 'h' },
  children: 'everyone', groups: { any: { op: 'all', of: [] } }, places: [], rules: {},
  facts: { 'home.address': { type: 'address', askedBy: ['register'], answeredBy: [], foundBy: [], settledBy: [] } },
  phases: Object.entries(OWNED).map(([id, terms], index) => ({
    id, index, opensAt: OPENS, closesAt: CLOSES, who: 'everyone', effects: {}, barredBy: [], sentBy: [], ...terms,
  })),
}) as unknown as Timeline

/** What is told and stored of the three children. */
export const factsOf = (season: string): ChildFact[] => [
  ...[ENROLLED, LEFT, ARRANGED].map((child): ChildFact => ({ season, child, aggregate: 'roster', id: 'roster', revision: 1, district: 'd1' })),
  ...[ENROLLED, ARRANGED].map((child): ChildFact => ({ season, child, aggregate: 'registration', id: 'information', revision: 2, outcomes: { register: 'filed' }, zones: { 'home.address': 'z1' } })),
  { season, child: LEFT, aggregate: 'withdrawal', id: 'withdrawal', revision: 1, reason: 'moved-away' },
  { season, child: ENROLLED, aggregate: 'case', id: 'review', revision: 1, outcomes: { review: 'approved' } },
  { season, child: ENROLLED, aggregate: 'place', id: 'place', revision: 2, outcomes: { zoning: 'admitted', 'check-in': 'present' }, seats: { held: [], taken: { basis: 'zoning', school: 's1' } } },
  { season, child: ARRANGED, aggregate: 'place', id: 'place', revision: 2, outcomes: { zoning: 'not-admitted', desk: 'placed' }, seats: { held: [], taken: { basis: 'arrangement', school: 's2' } } },
]

const FACT_TYPES = { roster: 'registration.child-listed', registration: 'registration.registration-filed', withdrawal: 'registration.child-withdrawn', case: 'verification.case-reviewed', choice: 'allocation.choice-made', place: 'allocation.place-decided' } as const

let told = 0
export function event(season: string, name: string, data: object, subject = season, at = CLOSES): Event {
  told += 1
  const topic = name.split('.')[0] as Topic
  return { id: `e${told}`, type: `cn.ruxue.${name}.v1`, source: eventSource(topic), subject, time: iso(at), season, data }
}

export const ended = (season: string, child: string, end: EndState): Event =>
  event(season, 'enrollment.ended', { season, child, status: end.kind === 'withdrawn' ? 'ended' : end.kind, sequence: 3, end }, child)

export const factEvent = (fact: ChildFact): Event =>
  event(fact.season, FACT_TYPES[fact.aggregate], fact, fact.child, fact.aggregate === 'place' ? PUBLISHED : CLOSES)

const LISTED = [[ARRANGED, [ARRANGED], ['s1']], [ENROLLED, [ENROLLED], ['s1']]] as const
const list = [...LISTED].sort(([a], [b]) => (a < b ? -1 : 1))
const digest = (lines: readonly unknown[]): string => createHash('sha256').update(lines.map((line) => `${canonicalJson(line)}\n`).join('')).digest('hex')
const listHash = digest(list)
const ROUND: RoundFile = {
  format: 'ruxue.round.v1', id: 'zoning/d1', mechanism: 'serial', orders: { default: { kind: 'ranked', by: [{ key: 'severalSchools', direction: 'asc' }] } },
  schools: [{ id: 's1', plan: 1 }], applicants: list.map(([id, , choices]) => ({ id, choices: [...choices], keys: { severalSchools: 0 } })),
}
export const DRAW = drawOf(ROUND)
const SEED = DRAW.draw!.groups[0]!.seed
const ticket = (unit: string): string => createHash('sha256').update(Buffer.from(SEED, 'hex')).update(unit).digest('hex')
/** The child with the lower ticket is the one who got the seat: the secrets of the fixture's witness are chosen so. */
export const drawIsAsTold = ticket(ENROLLED) < ticket(ARRANGED)

/** A whole draw with one witness. */
function drawOf(round: RoundFile): DrawTranscript {
  const at = (n: number) => iso(CLOSES + n)
  const secret = 'cd'.repeat(32)
  const frozen = freeze({ at: at(0), draw: 'zoning', run: 1, rule: 'By lot.', rounds: [round] })
  const sources = [{ kind: 'witness' as const, name: 'w', commitment: commitmentOf(frozen.freeze.hash, 'w', secret) }]
  const committed = commit(frozen, { at: at(1), engine: { name: 'a', version: '1' }, sources, revealBy: at(9), least: 1 })
  const revealed = reveal(committed, { at: at(3), parts: [{ kind: 'witness', name: 'w', at: at(2), secret }] })
  const checked = check(draw(revealed, { at: at(4) }), { at: at(5), by: [{ name: 'a', version: '1' }, { name: 'b', version: '1' }], alarms: new Map() })
  return publish(checked, { at: at(6) })
}

/** A season that ended well: one child enrolled, one left, one arranged. */
export async function buildSeason(world: World, season: string): Promise<void> {
  for (const owner of ['registration', 'verification', 'allocation', 'notification'] as const) {
    await world.sql(owner, `INSERT INTO platform.season (id, policy_hash, timeline, state) VALUES ($1, 'h', $2, 'closed')`, season, JSON.stringify(timelineOf(season)))
  }
  for (const [phase, { owner, kind }] of Object.entries(OWNED)) {
    await world.sql(owner, `INSERT INTO platform.phase_window (season, phase, kind, opens_at, closes_at, closed_at, count, digest)
      VALUES ($1, $2, $3, $4, $5, $5, 1, 'd')`, season, phase, kind, iso(OPENS), iso(CLOSES))
  }
  await storeRegistration(world, season)
  await storeDecisions(world, season)
  await storeSeats(world, season)
  await storeCopies(world, season)
  await world.tell([
    ...factsOf(season).map(factEvent),
    ...['s1', 's2'].map((id) => event(season, 'allocation.school-offered', { season, id, name: id, district: 'd1', facts: {}, plan: 1 }, id)),
    ...Object.entries(OWNED).map(([phase, { owner }]) => event(season, `${owner}.phase-closed`, { season, phase, closesAt: iso(CLOSES), closedAt: iso(CLOSES), count: 1, digest: 'd' }, phase)),
    event(season, 'allocation.zone-drawn', { season, id: 'z1', district: 'd1', schools: ['s1'], addresses: [] }, 'z1'),
    event(season, 'allocation.round-frozen', { season, phase: 'zoning', run: 1, hash: DRAW.freeze.hash, units: 2, children: 2, listHash, freeze: DRAW.freeze }, 'zoning'),
    event(season, 'allocation.round-published', { season, phase: 'zoning', admitted: 1, notAdmitted: 1, listHash, run: 1, hash: DRAW.publish!.hash }, 'zoning', PUBLISHED),
    ...Object.entries(ENDS).map(([child, end]) => ended(season, child, end)),
  ])
  for (const [child, end] of Object.entries(ENDS)) await world.runChild(season, child, end)
}

async function storeRegistration(world: World, season: string): Promise<void> {
  for (const [at, child] of [ENROLLED, LEFT, ARRANGED].entries()) {
    await world.sql('registration', `INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, district, facts, source)
      VALUES ($1, $2, 'n', $3, '2015-01-01', 'g', 'n', 'i', 'd1', '{}', 'guardian')`, season, child, `i${at}`)
  }
  for (const child of [ENROLLED, ARRANGED]) {
    await world.sql('registration', `INSERT INTO form (season, child, form, phase, revision, answers, signed, received_at, filed_by, registered_at)
      VALUES ($1, $2, 'information', 'register', 2, '{}', true, $3, 'g', $3)`, season, child, iso(OPENS))
  }
  await world.sql('registration', `INSERT INTO withdrawal (season, child, reason, by, received_at) VALUES ($1, $2, 'moved-away', 'g', $3)`, season, LEFT, iso(OPENS))
}

async function storeDecisions(world: World, season: string): Promise<void> {
  await world.sql('verification', `INSERT INTO case_file (season, child, phase, kind, state, school, revision, opened_at) VALUES ($1, $2, 'review', 'review', 'approved', 's1', 1, $3)`, season, ENROLLED, iso(OPENS))
  await world.sql('verification', `INSERT INTO case_step (season, child, phase, ordinal, by, outcome, officer, judged, received_at)
    VALUES ($1, $2, 'review', 1, 'school', 'approved', 'o', '[]', $3)`, season, ENROLLED, iso(OPENS + 5))
}

async function storeSeats(world: World, season: string): Promise<void> {
  const run = (text: string, ...values: unknown[]) => world.sql('allocation', text, season, ...values)
  for (const school of ['s1', 's2']) await run(`INSERT INTO school (season, id, name, district, facts) VALUES ($1, $2, $2, 'd1', '{}')`, school)
  await run(`INSERT INTO seat (season, school, ordinal, child, basis, taken, visible) VALUES ($1, 's1', 1, $2, 'zoning', true, true), ($1, 's2', 1, $3, 'arrangement', true, true)`, ENROLLED, ARRANGED)
  for (const step of DRAW_STEPS) {
    await run(`INSERT INTO round_step (season, phase, run, step, hash, body, asked_by) VALUES ($1, 'zoning', 1, $2, $3, $4, 'w')`, step, DRAW[step]!.hash, JSON.stringify(bodyOf(DRAW, step)))
  }
  await run(`INSERT INTO round (season, phase, state, units, children, list_hash, admitted, not_admitted, frozen_at, decided_at, published_at)
    VALUES ($1, 'zoning', 'published', 2, 2, $2, 1, 1, $3, $4, $4)`, listHash, iso(CLOSES), iso(CLOSES + 1))
  for (const [unit, members, schools] of list) {
    await run(`INSERT INTO round_unit (season, phase, unit, members, schools) VALUES ($1, 'zoning', $2, $3, $4)`, unit, members, schools)
    const admitted = unit === ENROLLED
    await run(`INSERT INTO round_result (season, phase, child, unit, ticket, outcome, school, reason, published_at) VALUES ($1, 'zoning', $2, $2, $3, $4, $5, $6, $7)`,
      unit, ticket(unit), admitted ? 'admitted' : 'not-admitted', admitted ? 's1' : null, admitted ? 'better-claim' : 'no-seat', iso(CLOSES))
  }
  await run(`INSERT INTO check_in (season, phase, child, school, basis, received_at) VALUES ($1, 'check-in', $2, 's1', 'zoning', $3)`, ENROLLED, iso(OPENS + 9))
  await run(`INSERT INTO arrangement (season, phase, child, school, officer, reason) VALUES ($1, 'desk', $2, 's2', 'o', 'r')`, ARRANGED)
}

async function storeCopies(world: World, season: string): Promise<void> {
  const needed: Record<string, (fact: ChildFact) => boolean> = {
    registration: ({ aggregate }) => ['roster', 'registration', 'withdrawal'].includes(aggregate),
    verification: ({ aggregate }) => aggregate !== 'place',
    allocation: () => true,
    console: () => true,
  }
  for (const [name, needs] of Object.entries(needed)) {
    for (const fact of factsOf(season).filter(needs)) {
      await world.sql(name as DatabaseName, 'INSERT INTO platform.child_fact (season, child, aggregate, id, revision, body) VALUES ($1, $2, $3, $4, $5, $6)',
        season, fact.child, fact.aggregate, fact.id, fact.revision, JSON.stringify(fact))
    }
  }
  for (const officer of ['o1', 'o2']) {
    await world.sql('console', `INSERT INTO action (id, who, role, what, season, target, at, result) VALUES ($1 || $2, $2, 'city', 'approve', $1, 'zoning', $3, 'done')`, season, officer, iso(CLOSES + 5))
  }
  for (const [child, end] of Object.entries(ENDS)) {
    await world.sql('console', `INSERT INTO child (season, child, status, sequence, end_state, updated_at) VALUES ($1, $2, 'ended', 3, $3, now())`, season, child, JSON.stringify(end))
  }
}
