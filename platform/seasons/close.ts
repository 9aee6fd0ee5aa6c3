import { eventType } from '../../contracts/events/types.js'
import { eventSource } from '../../contracts/events/envelope.js'
import { enqueue } from '../outbox/enqueue.js'
import { inTransaction, type TransactionOptions } from '../postgres/transaction.js'
import type { Sql } from '../postgres/sql.js'
import { closeWindow } from '../windows/close.js'
import { readWindow, type WindowClose } from '../windows/read.js'
import { readSeason } from '../windows/season.js'
import type { SeasonHooks } from './hooks.js'
import { closeView } from './views.js'

/** Closes a phase with what its close means in this service, and publishes that it is closed. */
export async function closePhase<Tx extends Sql>(
  hooks: SeasonHooks<Tx>,
  season: string,
  phase: string,
  options: TransactionOptions & { timeoutMs: number },
): Promise<WindowClose> {
  const { closed } = await readWindow(hooks.database, season, phase)
  if (closed) return closed
  return inTransaction(hooks.database, async (tx) => {
    await tx.$executeRawUnsafe(`SELECT set_config('statement_timeout', $1, true)`, `${Math.ceil(options.timeoutMs)}ms`)
    let ran = false
    const close = await closeWindow(tx, season, phase, {
      drainMs: hooks.drainMs,
      onClose: async () => {
        ran = true
        await hooks.onClose?.(tx, season, phase, (await readSeason(tx, season)).timeline)
      },
    })
    if (ran) {
      const { closesAt } = await readWindow(tx, season, phase)
      await enqueue(tx, hooks.owner, [closedEvent(hooks.owner, season, phase, { ...close, closesAt })])
    }
    return close
  }, options)
}

const closedEvent = (owner: 'registration' | 'verification' | 'allocation' | 'notification', season: string, phase: string, close: WindowClose & { closesAt: number }) => ({
  id: `${season}/${phase}/closed`,
  type: eventType(owner, 'phase-closed'),
  source: eventSource(owner),
  subject: phase,
  time: new Date(close.closedAt).toISOString(),
  season,
  data: { season, closesAt: new Date(close.closesAt).toISOString(), ...closeView(phase, close) },
})
