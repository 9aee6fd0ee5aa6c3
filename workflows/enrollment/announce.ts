import type { EnrollmentEvent } from '../../contracts/enrollment.js'
import type { EventName } from '../../contracts/events/types.js'
import type { Knowledge } from '../../policies/knowledge.js'
import type { Setting } from './setting.js'
import type { Command, EnrollmentState, Reaction } from './state.js'
import { assertLegal, statusOf } from './status.js'

/** Tells the world what has become visible: one event a change, and the search attributes if they differ. */
export function announce(state: EnrollmentState, knowledge: Knowledge, setting: Setting): Reaction {
  const status = statusOf(state, knowledge, setting.timeline)
  const district = state.facts.find(({ aggregate }) => aggregate === 'roster')?.district ?? state.shown.district
  const desk = state.arrangement?.phase
  assertLegal(state.shown.status, status)
  const name = nameOf(state, status, district, desk)
  if (!name) return { state, commands: [] }
  const sequence = state.sequence + 1
  const place = district ? { district } : {}
  const event: EnrollmentEvent = {
    season: setting.season,
    child: setting.child,
    ...place,
    status,
    sequence,
    ...(state.arrangement ? { arrangement: state.arrangement } : {}),
    ...(state.ended && !state.end ? { ended: state.ended } : {}),
    ...(state.end ? { end: state.end } : {}),
  }
  const shows = status !== state.shown.status || district !== state.shown.district
  const commands: Command[] = [{ kind: 'publish', name, event }, ...(shows ? [{ kind: 'show', status, ...place } as const] : [])]
  return { state: { ...state, sequence, shown: { status, ...place, ...(desk ? { desk } : {}) } }, commands }
}

function nameOf(
  { shown, sequence, end }: EnrollmentState,
  status: string,
  district: string | undefined,
  desk: string | undefined,
): EventName<'enrollment'> | undefined {
  if (end) return 'ended'
  if (sequence === 0) return 'started'
  if (desk && desk !== shown.desk) return 'arrangement-requested'
  if (!desk && shown.desk) return 'arrangement-closed'
  return status !== shown.status || district !== shown.district ? 'status-changed' : undefined
}
