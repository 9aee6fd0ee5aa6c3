import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'

type RoundEvent = Extract<EventName<'allocation'>, 'round-frozen' | 'round-decided' | 'round-published' | 'vacancies-published'>

/** An event about a phase as a whole; each happens once, so its id says which. */
export const roundEvent = (name: RoundEvent, season: SeasonId, phase: PhaseId, at: number, data: object): Event => ({
  id: `${season}/${phase}/${name}`,
  type: eventType('allocation', name),
  source: eventSource('allocation'),
  subject: phase,
  time: new Date(at).toISOString(),
  season,
  data: { season, phase, ...data },
})
