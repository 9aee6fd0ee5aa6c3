import { sqlInstant, type Sql } from '../../../platform/postgres/index.js'
import type { Declaration } from '../domain/twins.js'

export interface StandingDeclaration extends Declaration {
  phase: string
}

/** The declarations that stand and name one of these children, on either side. */
export const declarationsAbout = (sql: Sql, season: string, children: readonly string[]): PromiseLike<StandingDeclaration[]> =>
  sql.$queryRawUnsafe<StandingDeclaration[]>(
    `SELECT child, sibling, phase FROM twin_declaration
     WHERE season = $1 AND dissolved_at IS NULL AND (child = ANY ($2::text[]) OR sibling = ANY ($2::text[]))`,
    season,
    children,
  )

export interface Declared extends StandingDeclaration {
  season: string
  by: string
  /** Epoch ms. */
  receivedAt: number
}

/** Stores a side's word in place of an earlier one. */
export async function writeDeclaration(sql: Sql, declared: Declared): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO twin_declaration (season, child, sibling, phase, declared_by, received_at)
     VALUES ($1, $2, $3, $4, $5, $6::timestamptz)
     ON CONFLICT (season, child) DO UPDATE SET sibling = excluded.sibling, phase = excluded.phase,
       declared_by = excluded.declared_by, received_at = excluded.received_at, dissolved_at = NULL, dissolved_reason = NULL`,
    declared.season,
    declared.child,
    declared.sibling,
    declared.phase,
    declared.by,
    sqlInstant(declared.receivedAt),
  )
}

export type DissolvedReason = 'undone' | 'withdrawn' | 'incomplete-at-close'

/** Ends the standing declarations of these children. @returns how many */
export const dissolveDeclarations = (sql: Sql, season: string, children: readonly string[], reason: DissolvedReason): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `UPDATE twin_declaration SET dissolved_at = clock_timestamp(), dissolved_reason = $3
     WHERE season = $1 AND child = ANY ($2::text[]) AND dissolved_at IS NULL`,
    season,
    children,
    reason,
  )

/**
 * Ends, at the close of a phase, every declaration that touches a child whose form was filed through it and that
 * made no unit: only one side declared, or only one side filed.
 */
export const dissolveIncomplete = (sql: Sql, season: string, phase: string): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `UPDATE twin_declaration SET dissolved_at = clock_timestamp(), dissolved_reason = $3
     WHERE season = $1 AND dissolved_at IS NULL
       AND EXISTS (SELECT 1 FROM form WHERE form.season = $1 AND form.phase = $2
         AND form.child IN (twin_declaration.child, twin_declaration.sibling))
       AND NOT EXISTS (SELECT 1 FROM form JOIN platform.child_fact AS fact
           ON fact.season = form.season AND fact.child = form.child AND fact.aggregate = 'registration' AND fact.id = form.form
         WHERE form.season = $1 AND form.phase = $2 AND form.child = twin_declaration.child
           AND fact.body->'unit'->'members' ? twin_declaration.sibling)`,
    season,
    phase,
    'incomplete-at-close' satisfies DissolvedReason,
  )
