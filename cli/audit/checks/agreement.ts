import { AGGREGATES, type Aggregate, type ChildFact } from '../../../contracts/facts.js'
import { phasesOfKind } from '../../../policies/timeline.js'
import { canonicalJson } from '../../../platform/crypto.js'
import type { Check, Evidence } from '../evidence.js'
import type { Violation } from '../report.js'
import { OWNERS, type DatabaseName } from '../sources/databases.js'
import { factKey } from '../sources/event-log.js'

/** The aggregates each database must have in full: what it states itself and what it needs of the others. */
const COMPLETE: Partial<Record<DatabaseName, readonly Aggregate[]>> = {
  registration: ['roster', 'registration', 'withdrawal'],
  verification: ['roster', 'registration', 'withdrawal', 'case'],
  allocation: ['roster', 'registration', 'withdrawal', 'case', 'choice', 'place'],
  console: AGGREGATES,
}

/**
 * 4. The databases, the event log and the workflows agree: the log's facts folded are the copies in every database,
 * closes and rounds were told as they stand, and each workflow's end is the end that was told and shown.
 */
export const checkAgreement: Check = async (evidence) => {
  const violations: Violation[] = [...evidence.log.contradictions].map((where) => ({ check: 'agreement', what: 'was told twice with one revision and two contents', where }))
  const lists = await Promise.all([copies(evidence), seatsAsTold(evidence), closesAsTold(evidence), roundsAsTold(evidence), ends(evidence)])
  violations.push(...lists.flat())
  return { violations, counted: { facts: evidence.log.facts.size, events: evidence.log.events, workflows: evidence.workflows.size } }
}

const differs = (what: string, where: string): Violation => ({ check: 'agreement', what, where })

async function copies(evidence: Evidence): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const [name, complete] of Object.entries(COMPLETE) as [DatabaseName, readonly Aggregate[]][]) {
    const stored = new Set<string>()
    for await (const fact of storedFacts(evidence, name)) {
      const key = factKey(fact)
      stored.add(key)
      const what = copyFault(fact, evidence.log.facts.get(key))
      if (what) violations.push(differs(`${name} has revision ${fact.revision}, ${what}`, key))
    }
    for (const [key, fact] of evidence.log.facts) {
      if (complete.includes(fact.aggregate) && !stored.has(key)) violations.push(differs(`${name} has none of what was told`, key))
    }
  }
  return violations
}

function copyFault(fact: ChildFact, told: ChildFact | undefined): string | undefined {
  if (!told) return 'which was never told'
  if (told.revision !== fact.revision) return `told was ${told.revision}`
  return canonicalJson(told) === canonicalJson(fact) ? undefined : 'with another content than was told'
}

const AT_ONCE = 20_000

/** A city's facts in parts: all at once they would not fit beside the log's. */
async function* storedFacts({ databases, season }: Evidence, name: DatabaseName): AsyncGenerator<ChildFact> {
  let after = ['', '', '']
  for (;;) {
    const rows = await databases.query<{ body: ChildFact }>(
      name,
      `SELECT body FROM platform.child_fact WHERE season = $1 AND (child, aggregate, id) > ($2, $3, $4)
       ORDER BY child, aggregate, id LIMIT ${AT_ONCE}`,
      season,
      ...after,
    )
    for (const { body } of rows) yield body
    const last = rows.at(-1)?.body
    if (!last || rows.length < AT_ONCE) return
    after = [last.child, last.aggregate, last.id]
  }
}

interface SeatRow {
  child: string
  seats: string[]
}

/** The visible seats of allocation are the seats of the newest place of each child. */
async function seatsAsTold({ databases, season, log }: Evidence): Promise<Violation[]> {
  const rows = await databases.query<SeatRow>(
    'allocation',
    `SELECT child, array_agg(concat_ws(' ', school, basis, CASE WHEN taken THEN 'taken' ELSE 'held' END)) AS seats
     FROM seat WHERE season = $1 AND child IS NOT NULL AND visible GROUP BY child`,
    season,
  )
  const there = new Map(rows.map(({ child, seats }) => [child, seats.sort().join(', ')]))
  const told = new Map<string, string>()
  for (const { child, seats } of log.facts.values()) {
    if (!seats) continue
    const all = [...seats.held.map((seat) => ({ ...seat, state: 'held' })), ...(seats.taken ? [{ ...seats.taken, state: 'taken' }] : [])]
    if (all.length > 0) told.set(child, all.map(({ school, basis, state }) => `${school} ${basis} ${state}`).sort().join(', '))
  }
  return [...new Set([...there.keys(), ...told.keys()])].filter((child) => there.get(child) !== told.get(child))
    .map((child) => differs(`has the seats [${there.get(child) ?? ''}], told were [${told.get(child) ?? ''}]`, child))
}

interface WindowRow {
  phase: string
  closed: boolean
  count: number
  digest: string
}

/** A round tells of its close with its publication, so it is not among these. */
async function closesAsTold({ databases, season, log, closed }: Evidence): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const owner of OWNERS) {
    const rows = await databases.query<WindowRow>(
      owner,
      `SELECT phase, closed_at IS NOT NULL AS closed, count, digest FROM platform.phase_window WHERE season = $1 AND kind <> 'round'`,
      season,
    )
    for (const row of rows) {
      const told = log.closes.get(row.phase)
      if (row.closed && !told) violations.push(differs('closed and nobody was told', row.phase))
      if (row.closed && told && (told.count !== row.count || told.digest !== row.digest)) violations.push(differs(`closed with ${row.count}, told was ${told.count}`, row.phase))
      if (!row.closed && told) violations.push(differs('was told to be closed and is open', row.phase))
      if (!row.closed && closed) violations.push(differs('was never closed by its owner', row.phase))
    }
  }
  return violations
}

interface RoundRow {
  phase: string
  list_hash: string
  run: number
  hash: string | null
  admitted: number
  not_admitted: number
}

async function roundsAsTold({ databases, season, log, timeline }: Evidence): Promise<Violation[]> {
  // The ceremony of a residual round ends with its reveal.
  const proposed = phasesOfKind(timeline, 'round').filter(({ method }) => method === 'residual').map(({ id }) => id)
  const rows = await databases.query<RoundRow>(
    'allocation', `SELECT phase, list_hash, run, admitted, not_admitted,
       (SELECT hash FROM round_step AS step WHERE step.season = round.season AND step.phase = round.phase AND step.run = round.run
          AND step.supplement = round.supplement AND step.step = CASE WHEN round.phase = ANY($2) THEN 'reveal' ELSE 'publish' END) AS hash
     FROM round WHERE season = $1 AND state = 'published'`, season, proposed,
  )
  const violations = rows.flatMap((row) => {
    const told = log.rounds.get(row.phase)
    if (!told) return [differs('was published and nobody was told', row.phase)]
    const same = told.listHash === row.list_hash && told.hash === row.hash && told.run === row.run
      && told.admitted === row.admitted && told.notAdmitted === row.not_admitted
    return same ? [] : [differs('was told with another list, draw, run or result', row.phase)]
  })
  const there = new Set(rows.map(({ phase }) => phase))
  return [...violations, ...[...log.rounds.keys()].filter((phase) => !there.has(phase)).map((phase) => differs('was told to be published and is not', phase))]
}

/** One workflow a child; what it returned, what was told and what the console shows are the same. */
async function ends({ databases, season, log, workflows, closed }: Evidence): Promise<Violation[]> {
  const children = await databases.query<{ id: string }>('registration', 'SELECT id FROM child WHERE season = $1', season)
  const shown = new Map((await databases.query<{ child: string; end_state: unknown }>(
    'console', 'SELECT child, end_state FROM child WHERE season = $1', season,
  )).map(({ child, end_state }) => [child, end_state]))
  const violations = children.flatMap(({ id }) => {
    const workflow = workflows.get(id)
    if (!workflow) return [differs('has no workflow', id)]
    const told = log.ends.get(id)?.at(-1)
    const found: Violation[] = []
    if (closed && workflow.status !== 'COMPLETED') found.push(differs(`has a workflow that is ${workflow.status.toLowerCase()}`, id))
    if (workflow.end && canonicalJson(workflow.end) !== canonicalJson(told)) found.push(differs(`its workflow returned ${workflow.end.kind}, told was ${told?.kind ?? 'nothing'}`, id))
    if (!shown.has(id)) found.push(differs('is not known to the console', id))
    else if (canonicalJson(shown.get(id)) !== canonicalJson(told ?? null)) found.push(differs('is shown with another end than was told', id))
    return found
  })
  const known = new Set(children.map(({ id }) => id))
  return [...violations, ...[...workflows.keys()].filter((child) => !known.has(child)).map((child) => differs('has a workflow and is on no roster', child))]
}
