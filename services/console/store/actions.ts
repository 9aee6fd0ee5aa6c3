import type { Role } from '../../../contracts/roles.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

/** A command as its officer gave it. */
export interface Asked {
  id: string
  who: string
  role: Role
  what: string
  season?: string | undefined
  /** Child, phase or dead letter. */
  target?: string | undefined
  reason?: string | undefined
  /** ISO 8601. */
  at: string
}

export interface ActionRow {
  position: number
  id: string
  who: string
  role: Role
  what: string
  season: string | null
  target: string | null
  reason: string | null
  at: number
  result: 'asked' | 'done' | 'refused' | 'failed'
  problem: string | null
}

/** Written before the command is carried out, so that none goes unrecorded. */
export const recordAsked = (sql: Sql, asked: Asked): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO action (id, who, role, what, season, target, reason, at)
     VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), nullif($7, ''), $8::timestamptz)`,
    asked.id,
    asked.who,
    asked.role,
    asked.what,
    asked.season ?? '',
    asked.target ?? '',
    asked.reason ?? '',
    asked.at,
  )

export const recordResult = (sql: Sql, id: string, result: Exclude<ActionRow['result'], 'asked'>, problem = ''): PromiseLike<number> =>
  sql.$executeRawUnsafe(`UPDATE action SET result = $2, problem = nullif($3, '') WHERE id = $1`, id, result, problem)

/** The newest first, before a position. */
export const readActions = (sql: Sql, season: string, page: { limit: number; before?: string | undefined }): PromiseLike<ActionRow[]> =>
  sql.$queryRawUnsafe<ActionRow[]>(
    `SELECT position::float8 AS position, id, who, role, what, season, target, reason, ${asMs('at')} AS at, result, problem
     FROM action WHERE season = $1 AND ($2 = '' OR action.position < nullif($2, '')::bigint) ORDER BY action.position DESC LIMIT $3::int`,
    season,
    page.before ?? '',
    page.limit,
  )
