import { readFileSync } from 'node:fs'
import pg from 'pg'
import { DATABASE_PREFIX } from '../../cli/platform/environment.js'
import type { Platform } from '../../cli/platform/start.js'
import { ledgerFile } from '../../cli/platform/target.js'
import type { Receipt } from '../../cli/rehearsal/ledger.js'
import { databaseUrl } from '../../infra/stack/addresses.js'

/**
 * What came of a season, as lines in an order of their own, so that two seasons can be compared. Which of two desks
 * arranged a child is left out: a case that was not settled before the first closed is settled at the next.
 */
export interface SeasonRecord {
  /** What was acknowledged to the actors: what, whom, where; not when. */
  acts: string[]
  /** What each round was decided from, and the place it gave to each child. */
  rounds: string[]
  /** The seat and the end of each child. */
  ends: string[]
}

/** Reads the actors' ledger and what the services have stored. */
export async function recordOf(platform: Platform, season: string): Promise<SeasonRecord> {
  return { acts: actsOf(platform, season), rounds: await roundsOf(platform, season), ends: await endsOf(platform, season) }
}

/** What one record has and the other has not, with the name of the one that has it. */
export function differences(one: readonly string[], other: readonly string[], names: readonly [string, string]): string[] {
  const left = [...other]
  const only = one.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [...only.map((line) => `only ${names[0]}: ${line}`), ...left.map((line) => `only ${names[1]}: ${line}`)]
}

function actsOf({ stateDir }: Platform, season: string): string[] {
  const lines = readFileSync(ledgerFile(stateDir, season), 'utf8').trim().split('\n')
  const receipts = lines.map((line) => JSON.parse(line) as Receipt)
  return receipts.map(({ kind, child, phase, schools, outcome }) =>
    [kind, child, kind === 'arrangement' ? 'by a desk' : phase, ...(schools ?? []), outcome ?? ''].join(' ').trim()).sort()
}

const roundsOf = (platform: Platform, season: string): Promise<string[]> => linesOf(platform, 'allocation', season, `
  SELECT concat_ws(' ', phase, 'list', list_hash) AS line FROM round WHERE season = $1
  UNION ALL SELECT concat_ws(' ', phase, 'seats', school->>'id', school->>'plan') FROM round_step,
    jsonb_array_elements(body->'groups') AS one, jsonb_array_elements(one->'round'->'schools') AS school WHERE season = $1 AND step = 'freeze'
  UNION ALL SELECT concat_ws(' ', phase, child, outcome, school) FROM round_result WHERE season = $1`)

async function endsOf(platform: Platform, season: string): Promise<string[]> {
  const seats = await linesOf(platform, 'allocation', season, `
    SELECT concat_ws(' ', child, school, basis, CASE WHEN taken THEN 'taken' ELSE 'held' END) AS line FROM seat WHERE season = $1 AND child IS NOT NULL`)
  const ends = await linesOf(platform, 'console', season, `
    SELECT concat_ws(' ', child, CASE WHEN end_state->>'kind' = 'arranged' THEN end_state - 'phase' ELSE end_state END) AS line FROM child WHERE season = $1`)
  return [...seats, ...ends]
}

async function linesOf({ stack }: Platform, service: string, season: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl(stack.postgresUrl, `${DATABASE_PREFIX}${service}`) })
  await client.connect()
  try {
    const { rows } = await client.query<{ line: string }>(sql, [season])
    return rows.map(({ line }) => line).sort()
  } finally {
    await client.end()
  }
}
