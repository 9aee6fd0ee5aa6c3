import { checkRounds } from '../../cli/audit/checks/rounds.js'
import type { Check, Evidence } from '../../cli/audit/evidence.js'
import { emptyLog, fold } from '../../cli/audit/sources/event-log.js'
import type { Event } from '../../contracts/events/envelope.js'
import type { Timeline } from '../../policies/timeline.js'
import type { Running } from './allocation.fixture.js'

/** What checks of the audit find wrong with a season, by what was told of it and what this service has kept. */
export async function audited({ told, sql }: Pick<Running, 'told' | 'sql'>, season: string, timeline: Timeline, checks: readonly Check[] = [checkRounds]): Promise<string[]> {
  const log = emptyLog()
  const own = await sql<{ event: Event }>(`SELECT event FROM platform.outbox WHERE event->>'season' = $1 ORDER BY position`, [season])
  for (const event of [...told.filter((one) => one.season === season), ...own.map(({ event: one }) => one)]) fold(log, event)
  const databases = { query: (_of: string, text: string, ...values: unknown[]) => sql(text, values) }
  const found = await Promise.all(checks.map((check) => check({ season, timeline, databases, log } as unknown as Evidence)))
  return found.flatMap(({ violations }) => violations.map(({ what }) => what))
}
