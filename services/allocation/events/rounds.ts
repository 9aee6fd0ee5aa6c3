import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { OfRun } from '../store/steps.js'

type StepEvent = Extract<EventName<'allocation'>, `round-${string}`>

/** An event about a step of a draw; each is done once in a run or a supplement of it, so its id says which. */
export const stepEvent = (name: StepEvent, { season, phase, run, supplement }: OfRun, { hash }: { hash: string }, at: number, data: object): Event => ({
  ...aboutPhase(name, season, phase, at, { run, ...(supplement > 0 && { supplement }), hash, ...data }),
  id: `${season}/${phase}/${run}${supplement > 0 ? `.${supplement}` : ''}/${name}`,
})

/** The vacancies of a publication phase, told once. */
export const vacanciesEvent = (season: SeasonId, phase: PhaseId, at: number, data: object): Event => aboutPhase('vacancies-published', season, phase, at, data)

const aboutPhase = (name: StepEvent | 'vacancies-published', season: SeasonId, phase: PhaseId, at: number, data: object): Event => ({
  id: `${season}/${phase}/${name}`,
  type: eventType('allocation', name),
  source: eventSource('allocation'),
  subject: phase,
  time: new Date(at).toISOString(),
  season,
  data: { season, phase, ...data },
})
