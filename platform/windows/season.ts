import type { Timeline } from '../../policies/timeline.js'
import { problem } from '../problem.js'
import { sqlInstant, type Sql } from '../postgres/sql.js'

/** A season as this service stored it. */
export interface StoredSeason {
  id: string
  policyHash: string
  timeline: Timeline
  state: 'open' | 'closed'
}

/**
 * Stores a season with its timeline and the windows of the phases this service owns. Doing it again with the
 * same timeline changes nothing.
 * @param owned phase ids
 * @returns whether it was new
 * @throws Problem `different-season` if the season exists with another policy hash
 */
export async function installSeason(sql: Sql, season: string, timeline: Timeline, owned: readonly string[]): Promise<boolean> {
  const inserted = await sql.$executeRawUnsafe(
    `INSERT INTO platform.season (id, policy_hash, timeline) VALUES ($1, $2, $3::jsonb) ON CONFLICT (id) DO NOTHING`,
    season,
    timeline.policy.hash,
    JSON.stringify(timeline),
  )
  if (inserted === 0) {
    const stored = await readSeason(sql, season)
    if (stored.policyHash !== timeline.policy.hash) {
      throw problem('different-season', `Season ${season} exists with policy hash ${stored.policyHash}`)
    }
    return false
  }
  const phases = timeline.phases.filter((phase) => owned.includes(phase.id))
  await sql.$executeRawUnsafe(
    `INSERT INTO platform.phase_window (season, phase, kind, opens_at, closes_at)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])`,
    season,
    phases.map((phase) => phase.id),
    phases.map((phase) => phase.kind),
    phases.map((phase) => sqlInstant(phase.opensAt)),
    phases.map((phase) => sqlInstant(phase.closesAt)),
  )
  return true
}

/** @throws Problem `unknown-season` */
export async function readSeason(sql: Sql, season: string): Promise<StoredSeason> {
  const [row] = await sql.$queryRawUnsafe<StoredSeason[]>(
    `SELECT id, policy_hash AS "policyHash", timeline, state FROM platform.season WHERE id = $1`,
    season,
  )
  if (!row) throw problem('unknown-season', `There is no season ${season}`)
  return row
}

/** Marks a season closed; facts that arrive afterwards are late. */
export async function closeSeason(sql: Sql, season: string): Promise<void> {
  await sql.$executeRawUnsafe(`UPDATE platform.season SET state = 'closed' WHERE id = $1`, season)
}
