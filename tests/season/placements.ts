import pg from 'pg'
import { DATABASE_PREFIX } from '../../cli/platform/environment.js'
import type { Platform } from '../../cli/platform/start.js'
import { databaseUrl } from '../../infra/stack/addresses.js'

/** A round's record: what it was decided from, and every place it gave. */
export interface RoundRecord {
  phase: string
  /** Hash of the frozen list, and the seats of each school. */
  from: string
  places: string[]
}

/** The decided rounds of a season, by phase. */
export async function roundsOf(platform: Platform, season: string): Promise<RoundRecord[]> {
  const client = new pg.Client({ connectionString: databaseUrl(platform.stack.postgresUrl, `${DATABASE_PREFIX}allocation`) })
  await client.connect()
  try {
    const { rows } = await client.query<RoundRecord>(
      `SELECT phase,
         list_hash || ' ' || (SELECT coalesce(string_agg(concat_ws(':', school, seats), ' ' ORDER BY school), '')
           FROM round_school s WHERE s.season = round.season AND s.phase = round.phase) AS "from",
         (SELECT coalesce(array_agg(concat_ws(' ', child, outcome, school) ORDER BY child), '{}')
           FROM round_result r WHERE r.season = round.season AND r.phase = round.phase) AS places
       FROM round WHERE season = $1 ORDER BY phase`, [season])
    return rows
  } finally {
    await client.end()
  }
}
