import type { PoolClient } from 'pg'
import { eventSource } from '../../../contracts/events/envelope.js'
import { eventType } from '../../../contracts/events/types.js'
import { OUTBOX_CHANNEL } from '../../../platform/outbox/enqueue.js'
import { CopyBuffer, copyRows, type CopyValue } from '../../../platform/postgres/index.js'
import type { FactValue } from '../../../contracts/facts.js'
import type { Entry } from '../domain/rosterRow.js'
import type { FaultRow, ImportKey } from './imports.js'

/** A good row of a roster with its opaque ids. */
export interface ListedRow {
  row: number
  child: string
  guardian: string
  entry: Entry
  /** The policy's roster facts. */
  facts: Record<string, FactValue>
}

/** Good rows in the form in which they are copied. */
export class StagedRows {
  private readonly rows = new CopyBuffer()

  get count(): number {
    return this.rows.rows
  }

  add({ row, child, guardian, entry, facts }: ListedRow): void {
    this.rows.add([
      row, child, entry.name, entry.idNumber, entry.birthday, guardian, entry.guardianName, entry.guardianIdNumber,
      entry.phone, entry.email, entry.district, entry.household && JSON.stringify(entry.household), JSON.stringify(facts),
    ])
  }

  async copyTo(client: PoolClient): Promise<void> {
    await this.rows.copyTo(client, `roster_staging (${STAGING_COLUMNS})`)
  }
}

/** Some rows of a roster that are stored together, and where the cursor stands after them. */
export interface Batch {
  /** The good rows. */
  staged: StagedRows
  faults: FaultRow[]
  /** Rows with faults; one may have several. */
  rejected: number
  /** When its events happened: the receipt of the upload, epoch ms. */
  at: number
  /** Rows of the file counted up to the end of this batch, and the digest over them. */
  rows: number
  digest: string
}

export interface BatchResult {
  accepted: number
  unchanged: number
  rejected: number
}

const STAGING_COLUMNS = `"row", id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, phone, email, district, household, facts`

/** Makes the connection's staging table; it is empty after every commit. */
export async function prepareStaging(client: PoolClient): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE IF NOT EXISTS roster_staging ("row" INTEGER, id TEXT, name TEXT, id_number TEXT, birthday DATE,
       guardian TEXT, guardian_name TEXT, guardian_id_number TEXT, phone TEXT, email TEXT, district TEXT,
       household JSONB, facts JSONB) ON COMMIT DELETE ROWS`,
  )
}

/**
 * Stores a batch in one transaction: children, their roster facts, an event for each, the faults and the cursor.
 * A child that is on the list already stays as it is; one that this import listed in another row is a fault.
 */
export async function storeBatch(client: PoolClient, key: ImportKey, batch: Batch): Promise<BatchResult> {
  await client.query('BEGIN')
  try {
    await batch.staged.copyTo(client)
    const accepted = await listChildren(client, { ...key, at: batch.at })
    const doubled = accepted === batch.staged.count ? [] : await findDoubled(client, key)
    const faults = [...batch.faults, ...doubled]
    if (faults.length > 0) await copyRows(client, 'import_fault (season, import, "row", field, reason)', faultRows(key, faults))
    const rejected = batch.rejected + doubled.length
    const unchanged = batch.staged.count - accepted - doubled.length
    await moveCursor(client, key, batch, { accepted, unchanged, rejected })
    await client.query('COMMIT')
    return { accepted, unchanged, rejected }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}


function* faultRows({ season, import: id }: ImportKey, faults: readonly FaultRow[]): Generator<CopyValue[]> {
  for (const { row, field, reason } of faults) yield [season, id, row, field, reason]
}

async function listChildren(client: PoolClient, { season, import: id, at }: ImportKey & { at: number }): Promise<number> {
  const { rows } = await client.query<{ listed: number }>(
    `WITH listed AS (
       INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, phone, email,
         district, household, facts, source, import, import_row)
       SELECT DISTINCT ON (id) $1, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, phone, email,
         district, household, facts, 'roster', $2, "row"
       FROM roster_staging ORDER BY id, "row"
       ON CONFLICT (season, id) DO NOTHING
       RETURNING id, guardian, district, facts
     ), stated AS (
       INSERT INTO platform.child_fact (season, child, aggregate, id, revision, body)
       SELECT $1, id, 'roster', 'roster', 1, jsonb_build_object('season', $1::text, 'child', id, 'aggregate', 'roster',
         'id', 'roster', 'revision', 1, 'facts', facts, 'guardian', guardian, 'district', district)
       FROM listed
       RETURNING child, body
     ), put AS (
       INSERT INTO platform.outbox (topic, key, event)
       SELECT 'registration', child, jsonb_build_object('id', $1::text || '/' || child || '/roster/roster/1',
         'type', $3::text, 'source', $4::text, 'subject', child,
         'time', $5::text, 'season', $1::text, 'data', body)
       FROM stated
       RETURNING 1
     )
     SELECT count(*)::int AS listed, pg_notify('${OUTBOX_CHANNEL}', '') FROM put`,
    [season, id, eventType('registration', 'child-listed'), eventSource('registration'), new Date(at).toISOString()],
  )
  return rows[0]!.listed
}

async function findDoubled(client: PoolClient, { season, import: id }: ImportKey): Promise<FaultRow[]> {
  const { rows } = await client.query<{ row: number; first: number }>(
    `SELECT staged."row", child.import_row AS first FROM roster_staging AS staged
     JOIN child ON child.season = $1 AND child.id = staged.id
     WHERE child.import = $2 AND child.import_row <> staged."row" ORDER BY 1`,
    [season, id],
  )
  return rows.map(({ row, first }) => ({ row, field: 'id-number', reason: `is the child of row ${first}` }))
}

async function moveCursor(client: PoolClient, { season, import: id }: ImportKey, { rows, digest }: Batch, result: BatchResult): Promise<void> {
  await client.query(
    `UPDATE roster_import SET rows = $3, digest = $4, accepted = accepted + $5, unchanged = unchanged + $6, rejected = rejected + $7
     WHERE season = $1 AND id = $2`,
    [season, id, rows, digest, result.accepted, result.unchanged, result.rejected],
  )
}
