import type { PoolClient } from 'pg'
import { problem } from '../../../platform/problem.js'
import type { Database } from './database.js'

/** How far an import has come. Rows are those with content below the header. */
export interface ImportCursor {
  rows: number
  accepted: number
  unchanged: number
  rejected: number
  /** SHA-256 over the rows counted. */
  digest: string
  finished: boolean
}

export type ImportProgress = ImportCursor & { state: 'running' | 'finished' | 'interrupted' }

export interface ImportKey {
  season: string
  import: string
}

const RUNNING_LOCK = 7_240_200
const LOCK_KEYS = `${RUNNING_LOCK}, hashtext($1 || '/' || $2)`

/**
 * Runs an import on a connection of its own. While it runs nobody else runs the same one; if the process dies,
 * the lock ends with its connection.
 * @throws Problem `not-yet` if it is running already
 */
export async function whileRunning<R>({ pool }: Database, { season, import: id }: ImportKey, run: (client: PoolClient) => Promise<R>): Promise<R> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${LOCK_KEYS}) AS taken`, [season, id])
    if (!rows[0]?.taken) throw problem('not-yet', `Import ${id} is running already`, { retryAfterMs: 5_000 })
    return await run(client)
  } finally {
    // The server notices the end of a connection some time after our answer: whoever asks again at once would be turned away.
    await client.query(`SELECT pg_advisory_unlock(${LOCK_KEYS})`, [season, id]).catch(() => undefined)
    client.release(true)
  }
}

/** The cursor of an import, made if it is new. */
export async function startImport(client: PoolClient, key: ImportKey): Promise<ImportCursor> {
  await client.query(
    `INSERT INTO roster_import (season, id, rows, accepted, unchanged, rejected, digest)
     VALUES ($1, $2, 0, 0, 0, 0, '') ON CONFLICT DO NOTHING`,
    [key.season, key.import],
  )
  const { rows } = await client.query<ImportCursor>(`${SELECT} WHERE season = $1 AND id = $2`, [key.season, key.import])
  return rows[0]!
}

const SELECT = `SELECT rows, accepted, unchanged, rejected, digest, finished_at IS NOT NULL AS finished FROM roster_import`

export async function finishImport(client: PoolClient, { season, import: id }: ImportKey): Promise<void> {
  await client.query('UPDATE roster_import SET finished_at = coalesce(finished_at, clock_timestamp()) WHERE season = $1 AND id = $2', [season, id])
}

/** Where an import stands, or undefined if there is none. */
export async function readProgress({ pool }: Database, { season, import: id }: ImportKey): Promise<ImportProgress | undefined> {
  const { rows: [cursor] } = await pool.query<ImportCursor>(`${SELECT} WHERE season = $1 AND id = $2`, [season, id])
  if (!cursor) return undefined
  if (cursor.finished) return { ...cursor, state: 'finished' }
  const { rows } = await pool.query(
    `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND classid = ${RUNNING_LOCK} AND objid::bigint = hashtext($1 || '/' || $2)::bigint & 4294967295`,
    [season, id],
  )
  return { ...cursor, state: rows.length > 0 ? 'running' : 'interrupted' }
}

export interface FaultRow {
  row: number
  field: string
  reason: string
}

/** Rejected rows in the file's order, after a row and field. */
export async function listFaults({ prisma }: Database, { season, import: id }: ImportKey, after: { row: number; field: string } | undefined, limit: number): Promise<FaultRow[]> {
  return prisma.importFault.findMany({
    where: {
      season,
      import: id,
      ...(after && { OR: [{ row: { gt: after.row } }, { row: after.row, field: { gt: after.field } }] }),
    },
    select: { row: true, field: true, reason: true },
    orderBy: [{ row: 'asc' }, { field: 'asc' }],
    take: limit,
  })
}
