import type { WithdrawalReason } from '../../../contracts/facts.js'
import { asMs, sqlInstant, type Sql } from '../../../platform/postgres/index.js'

export interface WithdrawalRow {
  reason: WithdrawalReason
  /** Epoch ms. */
  receivedAt: number
}

export async function readWithdrawal(sql: Sql, season: string, child: string): Promise<WithdrawalRow | undefined> {
  const [row] = await sql.$queryRawUnsafe<WithdrawalRow[]>(
    `SELECT reason, ${asMs('received_at')} AS "receivedAt" FROM withdrawal WHERE season = $1 AND child = $2`,
    season,
    child,
  )
  return row
}

export async function writeWithdrawal(sql: Sql, season: string, child: string, row: WithdrawalRow & { by: string }): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO withdrawal (season, child, reason, by, received_at) VALUES ($1, $2, $3, $4, $5::timestamptz)`,
    season,
    child,
    row.reason,
    row.by,
    sqlInstant(row.receivedAt),
  )
}
