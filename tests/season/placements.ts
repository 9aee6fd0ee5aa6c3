import pg from 'pg'
import { DATABASE_PREFIX } from '../../cli/platform/environment.js'
import type { Platform } from '../../cli/platform/start.js'
import { databaseUrl } from '../../infra/stack/addresses.js'

/** Every outcome of every round of a season: child, round, outcome and school. */
export async function placementsOf(platform: Platform, season: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl(platform.stack.postgresUrl, `${DATABASE_PREFIX}allocation`) })
  await client.connect()
  try {
    const { rows } = await client.query<{ placement: string }>(
      `SELECT concat_ws(' ', child, phase, outcome, school) AS placement FROM round_result WHERE season = $1 ORDER BY 1`, [season])
    return rows.map(({ placement }) => placement)
  } finally {
    await client.end()
  }
}
