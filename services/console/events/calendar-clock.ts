import type { Clock } from '../../../platform/clock.js'
import type { Log } from '../../../platform/log.js'
import { inTransaction, type Sql, type Transactional } from '../../../platform/postgres/index.js'
import { dueChanges, recordChange } from '../store/changes.js'

/** Tells of windows that opened or ended since: nobody else does, they are instants and not events. */
export async function tellDueChanges<Tx extends Sql>(database: Transactional<Tx>, clock: Clock): Promise<void> {
  await inTransaction(database, async (tx) => {
    for (const { season, phase, change, closesAt, at } of await dueChanges(tx, new Date(clock.now()).toISOString())) {
      await recordChange(tx, season, `phase ${phase} ${change} ${at}`, { kind: 'phase', phase, change, closesAt, at })
    }
  })
}

const EVERY_MS = 500

/** Repeats it twice a second until stopped; a failure is told and tried again. */
export function startCalendarClock<Tx extends Sql>(deps: { database: Transactional<Tx>; clock: Clock; log: Log }): { stop(): Promise<void> } {
  let stopped = false
  let wake = () => {}
  const run = async () => {
    while (!stopped) {
      await tellDueChanges(deps.database, deps.clock).catch((err: unknown) => deps.log.warn({ err }, 'calendar changes not told'))
      if (!stopped) await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVERY_MS)
        wake = () => (clearTimeout(timer), resolve())
      })
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopped = true
      wake()
      await running
    },
  }
}
