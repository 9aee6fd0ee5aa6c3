import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { EventType } from '../../../contracts/events/types.js'
import type { Sql } from '../../../platform/postgres/index.js'
import { projectExtended, projectOpened, projectPhaseClosed, projectSeasonClosed } from '../store/calendar.js'
import { recordChange, type Change } from '../store/changes.js'
import { projectChecked, projectDecided, projectFrozen, projectPublished, projectStep, projectVoided } from '../store/rounds.js'

type Projector = (sql: Sql, event: Event) => Promise<unknown>

/** Binds a projector to the data of its event type. */
const of = <E extends EventType>(
  _type: E,
  run: (sql: Sql, data: EventData<E>, event: Event) => Promise<unknown>,
): Projector => (sql, event) => run(sql, event.data as EventData<E>, event)

type PhaseClosed = 'cn.ruxue.season.phase-closed.v1'

/** The owner tells of its close first; the season tells of it again once it has heard. */
const closed = of<PhaseClosed>('cn.ruxue.season.phase-closed.v1', async (sql, data) => {
  await projectPhaseClosed(sql, data)
  const change: Change = { kind: 'phase', phase: data.phase, change: 'closed', closesAt: utc(data.closesAt), at: utc(data.closedAt) }
  await recordChange(sql, data.season, `phase ${data.phase} closed`, change)
})

const round = async (sql: Sql, event: Event, state: 'frozen' | 'decided' | 'published' | 'void'): Promise<void> => {
  const { season, phase, run, supplement = 0 } = event.data as { season: string; phase: string; run: number; supplement?: number }
  await recordChange(sql, season, `round ${phase} ${run}.${supplement} ${state}`, { kind: 'round', phase, state, at: utc(event.time) })
}

/** Events that are about a season and not a child, and few. */
const PROJECTORS: Partial<Record<EventType, Projector>> = {
  'cn.ruxue.season.opened.v1': of('cn.ruxue.season.opened.v1', async (sql, data, event) => {
    await projectOpened(sql, data)
    await recordChange(sql, data.season, 'season opened', { kind: 'season', change: 'opened', at: utc(event.time) })
  }),
  'cn.ruxue.season.phase-extended.v1': of('cn.ruxue.season.phase-extended.v1', async (sql, data, event) => {
    await projectExtended(sql, data)
    const closesAt = utc(data.closesAt)
    await recordChange(sql, data.season, `phase ${data.phase} extended ${closesAt}`, {
      kind: 'phase', phase: data.phase, change: 'extended', closesAt, at: utc(event.time),
    })
  }),
  'cn.ruxue.season.phase-closed.v1': closed,
  'cn.ruxue.registration.phase-closed.v1': closed,
  'cn.ruxue.verification.phase-closed.v1': closed,
  'cn.ruxue.allocation.phase-closed.v1': closed,
  'cn.ruxue.notification.phase-closed.v1': closed,
  'cn.ruxue.season.closed.v1': of('cn.ruxue.season.closed.v1', async (sql, data) => {
    await projectSeasonClosed(sql, data)
    await recordChange(sql, data.season, 'season closed', { kind: 'season', change: 'closed', at: utc(data.closedAt) })
  }),
  'cn.ruxue.allocation.round-frozen.v1': of('cn.ruxue.allocation.round-frozen.v1', async (sql, data, event) => {
    await projectFrozen(sql, data, event.time)
    await projectStep(sql, data, 'freeze')
    await round(sql, event, 'frozen')
  }),
  'cn.ruxue.allocation.round-committed.v1': of('cn.ruxue.allocation.round-committed.v1', async (sql, data) => projectStep(sql, data, 'commit')),
  'cn.ruxue.allocation.round-revealed.v1': of('cn.ruxue.allocation.round-revealed.v1', async (sql, data) => projectStep(sql, data, 'reveal')),
  'cn.ruxue.allocation.round-decided.v1': of('cn.ruxue.allocation.round-decided.v1', async (sql, data, event) => {
    await projectDecided(sql, data, event.time)
    await projectStep(sql, data, 'draw')
    await round(sql, event, 'decided')
  }),
  'cn.ruxue.allocation.round-checked.v1': of('cn.ruxue.allocation.round-checked.v1', async (sql, data) => {
    await projectChecked(sql, data)
    await projectStep(sql, data, 'check')
  }),
  'cn.ruxue.allocation.round-proposed.v1': of('cn.ruxue.allocation.round-proposed.v1', async (sql, data, event) => {
    await projectDecided(sql, data, event.time)
    await round(sql, event, 'decided')
  }),
  'cn.ruxue.allocation.round-voided.v1': of('cn.ruxue.allocation.round-voided.v1', async (sql, data, event) => {
    await projectVoided(sql, data)
    await round(sql, event, 'void')
  }),
  'cn.ruxue.allocation.round-published.v1': of('cn.ruxue.allocation.round-published.v1', async (sql, data, event) => {
    await projectPublished(sql, data, event.time)
    await projectStep(sql, data, 'publish')
    await round(sql, event, 'published')
  }),
}

const utc = (instant: string): string => new Date(instant).toISOString()

/** Takes an event about the season's calendar or a round; nothing for other types. */
export const projectMilestone = async (sql: Sql, event: Event): Promise<void> => {
  await PROJECTORS[event.type as EventType]?.(sql, event)
}
