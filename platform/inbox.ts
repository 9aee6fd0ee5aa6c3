import type { Sql } from './postgres/sql.js'

/**
 * Records events as consumed, in the transaction of their effect.
 * @returns the ids that had not been consumed before
 */
export async function consumeOnce(sql: Sql, ceIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql.$queryRawUnsafe<{ ce_id: string }[]>(
    `INSERT INTO platform.consumed_event (ce_id)
     SELECT DISTINCT id FROM unnest($1::text[]) AS id ORDER BY id
     ON CONFLICT DO NOTHING RETURNING ce_id`,
    ceIds,
  )
  return new Set(rows.map((row) => row.ce_id))
}
