import type { Topic } from '../../contracts/events/envelope.js'
import type { ServiceName } from '../../contracts/ids.js'
import type { Timeline } from '../../policies/timeline.js'
import type { Transactional } from '../postgres/transaction.js'
import type { Sql } from '../postgres/sql.js'

/** What the shared season endpoints need of the service that mounts them. */
export interface SeasonHooks<Tx extends Sql> {
  /** The service's Prisma client. */
  database: Sql & Transactional<Tx>
  /** Owns the phases whose kind has this owner; also names its topic. */
  owner: ServiceName & Topic
  drainMs: number
  /** Time for a close, which works on all children at once. @default 60_000 */
  closeTimeoutMs?: number
  /** Further rows of a new season, in the transaction that installs it. */
  onInstall?(tx: Tx, season: string, timeline: Timeline): Promise<void>
  /**
   * What the close of a phase means here: freezes, releases seats, stores facts and outbox rows. Runs once, in
   * the transaction of the close, before count and digest are taken.
   */
  onClose?(tx: Tx, season: string, phase: string, timeline: Timeline): Promise<void>
}
