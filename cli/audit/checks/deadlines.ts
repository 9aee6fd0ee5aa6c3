import type { Check, Evidence } from '../evidence.js'
import type { Violation } from '../report.js'
import { OWNERS, type DatabaseName } from '../sources/databases.js'

interface Window {
  phase: string
  opens_at: Date
  closes_at: Date
}

interface Accepted {
  child: string
  phase: string
  received_at: Date
}

/** Where each service keeps what it accepted in a phase. */
const ACCEPTED: readonly { database: DatabaseName; what: string; sql: string }[] = [
  { database: 'registration', what: 'form', sql: 'SELECT child, phase, received_at FROM form WHERE season = $1' },
  { database: 'registration', what: 'twins’ declaration', sql: 'SELECT child, phase, received_at FROM twin_declaration WHERE season = $1' },
  { database: 'verification', what: 'decision', sql: 'SELECT child, phase, received_at FROM case_step WHERE season = $1' },
  { database: 'allocation', what: 'choice', sql: 'SELECT child, phase, received_at FROM choice WHERE season = $1' },
  { database: 'allocation', what: 'check-in', sql: 'SELECT child, phase, received_at FROM check_in WHERE season = $1' },
  { database: 'allocation', what: 'confirmation', sql: 'SELECT child, phase, received_at FROM confirmation WHERE season = $1' },
]

/** Receipts of things a phase's window bounds. A desk decides at any time, and leaving has no window. */
const BOUNDED = new Set(['form', 'choice', 'check-in', 'confirmation', 'decision', 'twins-undone'])

/** 2a. Nothing is accepted outside `opens ≤ received < closes` of its owner's window, by the rows and by the receipts. */
export const checkDeadlines: Check = async (evidence) => {
  const windows = await readWindows(evidence)
  const violations: Violation[] = []
  const judge = (what: string, phase: string, at: Date, where: string) => {
    const window = windows.get(phase)
    if (!window) violations.push({ check: 'deadlines', what: `${what} in ${phase}, which nobody owns`, where })
    else if (at < window.opens_at || at >= window.closes_at) {
      violations.push({ check: 'deadlines', what: `${what} received ${at.toISOString()}, ${phase} closed ${window.closes_at.toISOString()}`, where })
    }
  }
  let acceptances = 0
  for (const { database, what, sql } of ACCEPTED) {
    const rows = await evidence.databases.query<Accepted>(database, sql, evidence.season)
    acceptances += rows.length
    for (const { child, phase, received_at } of rows) judge(what, phase, received_at, child)
  }
  for (const { kind, phase, receivedAt, child } of evidence.receipts) {
    if (BOUNDED.has(kind)) judge(`${kind} acknowledged,`, phase, new Date(receivedAt), child)
  }
  return { violations, counted: { acceptances } }
}

async function readWindows({ databases, season }: Evidence): Promise<Map<string, Window>> {
  const windows = new Map<string, Window>()
  for (const owner of OWNERS) {
    const rows = await databases.query<Window>(owner, 'SELECT phase, opens_at, closes_at FROM platform.phase_window WHERE season = $1', season)
    for (const row of rows) windows.set(row.phase, row)
  }
  return windows
}
