import { createHash } from 'node:crypto'
import type { DrawTranscript } from '../../../contracts/draw.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { seedOf } from '../../../services/allocation/domain/draw/seed.js'
import type { Evidence } from '../evidence.js'
import { leastTotal } from './shortest.js'
import { placedByTicket } from './placed-by-ticket.js'

type Location = { x: number; y: number } | undefined

export interface ResidualInput {
  id: string
  seed: string
  schools: { id: string; seats: number; location?: Location }[]
  children: { id: string; location?: Location; except?: readonly string[] }[]
}
export interface ProposedPlace {
  child: string
  school: string | null
  metres: number | null
}
interface RunRow {
  run: number
  input: ResidualInput
  result: { inputDigest: string; proposals: ProposedPlace[] }
}
interface ResultRow {
  child: string
  ticket: string
  outcome: string
  school: string | null
}
/** What the record of a residual round says. */
interface Recorded {
  phase: string
  state: string
  run: number
  admitted: number | null
  not_admitted: number | null
}
type Wrong = (what: string, where?: string) => void

/** Beyond so many children the total is not computed a second time: it takes too long. */
const SMALL = 200

/**
 * A decided residual round computes again from its record: its run was made of what was frozen and of the seed that the
 * reveal gives, the proposals have the properties of docs/rounds.md, and the results are the proposals without those
 * staff refused.
 */
export async function checkResidualRound({ databases, season }: Evidence, round: Recorded, draw: DrawTranscript, wrong: Wrong): Promise<void> {
  const { phase } = round
  const read = <R extends object>(select: string) => databases.query<R>('allocation', `${select} WHERE season = $1 AND phase = $2`, season, phase)
  const run = (await read<RunRow>('SELECT run, input, result FROM residual_run')).find(({ run: number }) => number === round.run)
  if (!run) return wrong('the run that decided it is not kept')
  checkRun(run, draw, wrong)
  for (const fault of residualFaults(run.input, run.result.proposals)) wrong(fault)
  const refused = new Set((await read<{ run: number; child: string; verdict: string }>('SELECT run, child, verdict FROM proposal_verdict')).flatMap((said) => (said.run === round.run && said.verdict === 'refused' ? [said.child] : [])))
  const results = await read<ResultRow>('SELECT child, ticket, outcome, school FROM round_result')
  checkResults(run, results, refused, wrong)
  const admitted = results.filter(({ outcome }) => outcome === 'admitted').length
  if (admitted !== round.admitted || results.length - admitted !== round.not_admitted) wrong('its counts are not those of its results')
}

function checkRun({ input, result }: RunRow, { groups: [group], freeze, commit, reveal }: DrawTranscript, wrong: Wrong): void {
  const { id, schools, applicants } = group!.round
  const seed = commit && reveal && seedOf({ group: id, list: freeze.groups[0]!.list, commit: commit.hash, parts: reveal.parts })
  if (input.seed !== seed) wrong('its run was made with another seed')
  if (digestOf(input) !== result.inputDigest) wrong('its run does not have the digest of its record')
  const frozen = [...schools.map((one) => [one.id, one.plan]), ...applicants.map((one) => [one.id, one.keys ?? null])]
  const decided = [...input.schools.map((one) => [one.id, one.seats]), ...input.children.map((one) => [one.id, keysOf(one)])]
  const inLines = (lines: readonly unknown[]) => lines.map((line) => canonicalJson(line)).sort().join('\n')
  if (inLines(frozen) !== inLines(decided)) wrong('its run was made of something else than was frozen')
}

/** The keys with which such a child is frozen. */
function keysOf({ location, except = [] }: ResidualInput['children'][number]): Record<string, number> | null {
  const keys = { ...location, ...Object.fromEntries(except.map((school) => [`except.${school}`, 1])) }
  return Object.keys(keys).length > 0 ? keys : null
}

function checkResults({ input, result }: RunRow, results: readonly ResultRow[], refused: ReadonlySet<string>, wrong: Wrong): void {
  const recorded = new Map(results.map(({ child, ticket, outcome, school }) => [child, `${ticket} ${outcome} ${school ?? ''}`]))
  for (const { child, school } of result.proposals) {
    const given = refused.has(child) ? null : school
    if (recorded.get(child) !== `${ticketOf(input.seed, child)} ${given === null ? 'not-admitted' : 'admitted'} ${given ?? ''}`) {
      wrong('has another result than was proposed', `${input.id} ${child}`)
    }
    recorded.delete(child)
  }
  for (const child of recorded.keys()) wrong('has a result and no proposal', `${input.id} ${child}`)
}

/** What is wrong with the proposals of a residual round, by the properties of docs/rounds.md. */
export function residualFaults({ schools, children, seed }: ResidualInput, proposals: readonly ProposedPlace[]): string[] {
  const faults: string[] = []
  const known = new Map(schools.map((school) => [school.id, school]))
  const child = new Map(children.map((one) => [one.id, one]))
  const isWhole = proposals.length === children.length && new Set(proposals.map((one) => one.child)).size === children.length
  if (!isWhole || proposals.some((one) => !child.has(one.child) || (one.school !== null && !known.has(one.school)))) return ['its proposals are not one for each child']
  const may: May = (one, school) => !(child.get(one)!.except ?? []).includes(school)
  const metres: Metres = (one, school) => metresBetween(child.get(one.child)!.location, known.get(school)!.location)
  for (const one of proposals) {
    if (one.metres !== (one.school === null ? null : metres(one, one.school))) faults.push(`${one.child} is said to have another way to school`)
    if (one.school !== null && !may(one.child, one.school)) faults.push(`${one.school} is not for ${one.child}`)
  }
  const free = new Map(schools.map(({ id, seats }) => [id, seats - proposals.filter(({ school }) => school === id).length]))
  for (const [school, left] of free) if (left < 0) faults.push(`${school} has ${-left} children too many`)
  faults.push(...nearerFaults(proposals, free, { metres, may }), ...ticketFaults(proposals, schools, { seed, may }))
  const placed = proposals.filter(({ school }) => school !== null)
  if (faults.length === 0 && placed.length > 0 && placed.length <= SMALL) faults.push(...shortestFaults(placed, schools, { metres, may }))
  return faults
}

type Metres = (one: ProposedPlace, school: string) => number | null
/** True if a school is for a child. */
type May = (child: string, school: string) => boolean

/** No school that is nearer to a child than the one proposed has a free seat. */
function nearerFaults(proposals: readonly ProposedPlace[], free: ReadonlyMap<string, number>, { metres, may }: { metres: Metres; may: May }): string[] {
  const withSeats = [...free].flatMap(([school, left]) => (left > 0 ? [school] : []))
  const isNearer = (one: ProposedPlace, school: string) => one.school === null || (metres(one, school) ?? Infinity) < (one.metres ?? Infinity)
  return proposals.flatMap((one) =>
    withSeats.filter((school) => may(one.child, school) && isNearer(one, school)).map((school) => `${school} is nearer to ${one.child} and has a free seat`))
}

/** As many children have a seat as can, and where not all can, whoever has the better ticket. */
function ticketFaults(proposals: readonly ProposedPlace[], schools: ResidualInput['schools'], { seed, may }: { seed: string; may: May }): string[] {
  const inOrder = proposals.map((one) => ({ ...one, ticket: ticketOf(seed, one.child) })).sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
  const expected = placedByTicket(inOrder.map(({ child }) => child), schools, may)
  return inOrder.flatMap(({ child, school }) => ((school !== null) === expected.has(child) ? [] : [`${child} should ${school === null ? '' : 'not '}have a seat by its ticket`]))
}

/**
 * The same children cannot be placed with less distance in total; an unknown way counts as longer than all known ones,
 * one to a school that is not for the child as longer than all others.
 */
function shortestFaults(placed: readonly ProposedPlace[], schools: ResidualInput['schools'], { metres, may }: { metres: Metres; may: May }): string[] {
  const longest = Math.max(...placed.flatMap((one) => schools.map(({ id }) => metres(one, id) ?? 0)))
  const unknown = longest * placed.length + 1
  const barred = unknown * placed.length + 1
  const places = schools.flatMap(({ id, seats }) => Array.from({ length: Math.min(seats, placed.length) }, () => id))
  const least = leastTotal(placed.map((one) => places.map((school) => (may(one.child, school) ? (metres(one, school) ?? unknown) : barred))))
  const total = placed.reduce((sum, one) => sum + (one.metres ?? unknown), 0)
  return total === least ? [] : ['its children can be placed with less distance in total']
}

const metresBetween = (a: Location, b: Location): number | null => (a && b ? Math.round(Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2)) : null)

const ticketOf = (seed: string, child: string): string => createHash('sha256').update(Buffer.concat([Buffer.from(seed, 'hex'), Buffer.from(child)])).digest('hex')

/** The round without its lists, then a line for each school and each child, in the order of their ids. */
function digestOf({ schools, children, ...rest }: ResidualInput): string {
  const sorted = [schools, children].flatMap((list: readonly { id: string }[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1)))
  return `sha256:${createHash('sha256').update([rest, ...sorted].map((line) => `${canonicalJson(line)}\n`).join('')).digest('hex')}`
}
