import { DRAW_STEPS, type DrawStepName } from '../../../contracts/draw.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

export interface RoundRow {
  phase: string
  units: number | null
  children: number | null
  listHash: string | null
  run: number | null
  /** The last run that is void. */
  voidRun: number | null
  step: DrawStepName | null
  hash: string | null
  held: string[] | null
  admitted: number | null
  notAdmitted: number | null
  frozenAt: number | null
  decidedAt: number | null
  publishedAt: number | null
}

/** A step of the ceremony that is done; one that is told again changes nothing after a later one. */
export const projectStep = (sql: Sql, data: { season: string; phase: string; run: number; hash: string }, step: DrawStepName): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, run, step, hash) VALUES ($1, $2, $3::int, $4, $5)
     ON CONFLICT (season, phase) DO UPDATE SET run = excluded.run, step = excluded.step, hash = excluded.hash
       WHERE round.run IS NULL
         OR (round.run, array_position($6::text[], round.step)) < (excluded.run, array_position($6::text[], excluded.step))`,
    data.season,
    data.phase,
    data.run,
    step,
    data.hash,
    DRAW_STEPS,
  )

export const projectChecked = (sql: Sql, data: EventData<'cn.ruxue.allocation.round-checked.v1'>): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, held) VALUES ($1, $2, $3::text[])
     ON CONFLICT (season, phase) DO UPDATE SET held = excluded.held`,
    data.season,
    data.phase,
    data.held,
  )

/** @param at when it happened, ISO 8601 */
export const projectFrozen = (sql: Sql, data: EventData<'cn.ruxue.allocation.round-frozen.v1'>, at: string): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, units, children, list_hash, frozen_at) VALUES ($1, $2, $3::int, $4::int, $5, $6::timestamptz)
     ON CONFLICT (season, phase) DO UPDATE SET units = excluded.units, children = excluded.children,
       list_hash = excluded.list_hash, frozen_at = excluded.frozen_at`,
    data.season,
    data.phase,
    data.units,
    data.children,
    data.listHash,
    at,
  )

export const projectDecided = (sql: Sql, data: EventData<'cn.ruxue.allocation.round-decided.v1' | 'cn.ruxue.allocation.round-proposed.v1'>, at: string): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, list_hash, decided_at) VALUES ($1, $2, $3, $4::timestamptz)
     ON CONFLICT (season, phase) DO UPDATE SET list_hash = excluded.list_hash, decided_at = excluded.decided_at`,
    data.season,
    data.phase,
    data.listHash,
    at,
  )

export const projectPublished = (sql: Sql, data: EventData<'cn.ruxue.allocation.round-published.v1'>, at: string): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, list_hash, admitted, not_admitted, published_at)
     VALUES ($1, $2, $3, $4::int, $5::int, $6::timestamptz)
     ON CONFLICT (season, phase) DO UPDATE SET list_hash = excluded.list_hash, admitted = excluded.admitted,
       not_admitted = excluded.not_admitted, published_at = excluded.published_at`,
    data.season,
    data.phase,
    data.listHash,
    data.admitted,
    data.notAdmitted,
    at,
  )

/** What the run had come to is nothing; the next one is told of by its freeze. */
export const projectVoided = (sql: Sql, { season, phase, run }: EventData<'cn.ruxue.allocation.round-voided.v1'>): PromiseLike<number> =>
  sql.$executeRawUnsafe(
    `INSERT INTO round (season, phase, void_run) VALUES ($1, $2, $3::int)
     ON CONFLICT (season, phase) DO UPDATE SET void_run = excluded.void_run, held = NULL, decided_at = NULL`,
    season,
    phase,
    run,
  )

/** Every round of the calendar, also those nothing happened in yet, in the notice's order. */
export const readRounds = (sql: Sql, season: string): PromiseLike<RoundRow[]> =>
  sql.$queryRawUnsafe<RoundRow[]>(
    `SELECT phase.phase, units, children, list_hash AS "listHash", run, void_run AS "voidRun", step, hash, held, admitted, not_admitted AS "notAdmitted",
       ${asMs('frozen_at')} AS "frozenAt", ${asMs('decided_at')} AS "decidedAt", ${asMs('published_at')} AS "publishedAt"
     FROM phase LEFT JOIN round ON round.season = phase.season AND round.phase = phase.phase
     WHERE phase.season = $1 AND phase.kind = 'round' ORDER BY phase.position`,
    season,
  )
