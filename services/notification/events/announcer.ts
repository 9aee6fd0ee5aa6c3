import type { Clock } from '../../../platform/clock.js'
import type { Log } from '../../../platform/log.js'
import { createPoller, type Poller } from '../../../platform/poller.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import type { Database } from '../store/database.js'
import { seasonsDue, takeResults } from '../store/due.js'
import { issuePapers } from './issue.js'

const AT_ONCE = 500

/** Issues the papers of results whose day has come. */
export const announcer = ({ database, clock, log, pollMs }: { database: Database; clock: Clock; log: Log; pollMs: number }): Poller =>
  createPoller<string>({
    name: 'notification-announcer',
    log, pollMs,
    concurrency: 1,
    claim: (limit) => seasonsDue(database, limit),
    work: (season) => inTransaction(database, async (tx) => {
      await issuePapers(tx, season, await takeResults(tx, season, AT_ONCE), clock.now())
    }),
  })
