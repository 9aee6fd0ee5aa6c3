import type { Receipt } from '../../rehearsal/ledger.js'
import type { Check, Evidence } from '../evidence.js'
import type { Violation } from '../report.js'
import type { DatabaseName } from '../sources/databases.js'

/** What an owner has of one child in one phase. */
interface Kept {
  child: string
  phase: string
  revision?: number
  received_at?: Date
  school?: string
  schools?: string[]
  outcome?: string
}

type Rows = ReadonlyMap<string, Kept[]>
/** Why a receipt is not honoured by what is kept, or undefined if it is. */
type Judge = (receipt: Receipt, kept: Kept[], evidence: Evidence) => string | undefined

const later = (kept: Kept[], receipt: Receipt): boolean =>
  kept.some(({ received_at }) => received_at !== undefined && received_at.getTime() >= Date.parse(receipt.receivedAt))

const atRevision: Judge = ({ revision, schools }, kept) => {
  const [row] = kept
  if (!row) return 'is gone'
  if ((row.revision ?? 0) < (revision ?? 1)) return `is kept at revision ${row.revision}, acknowledged was ${revision}`
  const same = row.revision === revision && schools !== undefined && row.schools !== undefined
  return same && row.schools!.join() !== schools.join() ? 'is kept with other schools' : undefined
}

/** By kind of receipt: where it must be found, and what counts as finding it. */
const KINDS: Record<Receipt['kind'], { database: DatabaseName; sql: string; byPhase: boolean; judge: Judge }> = {
  form: {
    database: 'registration',
    sql: 'SELECT child, form AS phase, revision, received_at FROM form WHERE season = $1',
    byPhase: true,
    judge: atRevision,
  },
  choice: { database: 'allocation', sql: 'SELECT child, phase, revision, received_at, schools FROM choice WHERE season = $1', byPhase: true, judge: atRevision },
  'check-in': {
    database: 'allocation',
    sql: 'SELECT child, phase, school FROM check_in WHERE season = $1',
    byPhase: true,
    judge: ({ schools }, kept) => (kept.some(({ school }) => schools === undefined || schools.includes(school!)) ? undefined : 'is gone'),
  },
  confirmation: { database: 'allocation', sql: 'SELECT child, phase FROM confirmation WHERE season = $1', byPhase: true, judge: (_receipt, kept) => (kept.length > 0 ? undefined : 'is gone') },
  decision: {
    database: 'verification',
    sql: 'SELECT child, phase, outcome, received_at FROM case_step WHERE season = $1',
    byPhase: true,
    judge: (receipt, kept) => (kept.some(({ received_at }) => received_at!.getTime() === Date.parse(receipt.receivedAt)) ? undefined : 'is gone'),
  },
  arrangement: {
    database: 'allocation',
    sql: 'SELECT child, phase, school FROM arrangement WHERE season = $1',
    byPhase: false,
    judge: ({ schools, child }, kept, { log }) => {
      const ended = log.ends.get(child)?.some(({ kind }) => kind === 'ended' || kind === 'deferral') ?? false
      if (schools === undefined) return ended ? undefined : 'is gone: no such end'
      return kept.some(({ school }) => schools.includes(school!)) ? undefined : 'is gone'
    },
  },
  withdrawal: { database: 'registration', sql: `SELECT child, '' AS phase, received_at FROM withdrawal WHERE season = $1`, byPhase: false, judge: (_receipt, kept) => (kept.length > 0 ? undefined : 'is gone') },
  'twins-undone': {
    database: 'registration',
    sql: 'SELECT child, phase, received_at FROM twin_declaration WHERE season = $1 AND dissolved_at IS NULL',
    byPhase: false,
    judge: (receipt, kept) => (kept.length === 0 || later(kept, receipt) ? undefined : 'is gone: the declaration stands'),
  },
}

/** 2b. Nothing that was acknowledged to an actor is lost: its owner has it, at that revision or a later one. */
export const checkLost: Check = async (evidence) => {
  const violations: Violation[] = []
  for (const kind of new Set(evidence.receipts.map((receipt) => receipt.kind))) {
    const { byPhase, judge } = KINDS[kind]
    const rows = await readKept(evidence, kind)
    for (const receipt of evidence.receipts.filter((other) => other.kind === kind)) {
      const kept = rows.get(byPhase ? `${receipt.child}/${placeOf(receipt, evidence)}` : receipt.child) ?? []
      const why = judge(receipt, kept, evidence)
      if (why) violations.push({ check: 'lost', what: `${kind} acknowledged ${receipt.receivedAt} in ${receipt.phase} ${why}`, where: receipt.child })
    }
  }
  return { violations, counted: { receipts: evidence.receipts.length } }
}

/** Forms are kept by form: several phases may file the same one. */
function placeOf({ kind, phase }: Receipt, { timeline }: Evidence): string {
  const filed = kind === 'form' ? timeline.phases.find(({ id }) => id === phase) : undefined
  return filed?.kind === 'registration' ? filed.form : phase
}

async function readKept({ databases, season }: Evidence, kind: Receipt['kind']): Promise<Rows> {
  const { database, sql, byPhase } = KINDS[kind]
  const rows = new Map<string, Kept[]>()
  for (const row of await databases.query<Kept>(database, sql, season)) {
    const key = byPhase ? `${row.child}/${row.phase}` : row.child
    rows.set(key, [...(rows.get(key) ?? []), row])
  }
  return rows
}
