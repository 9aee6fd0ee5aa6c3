import type { Event } from '../../contracts/events/envelope.js'
import { decodeEventData } from '../../contracts/events/schemas.js'
import { BRIDGED_EVENTS, STARTING_EVENTS, eventType } from '../../contracts/events/types.js'
import type { ChildFact } from '../../contracts/facts.js'
import { decodeEvent, type RawMessage } from '../../platform/kafka/index.js'

const BRIDGED: ReadonlySet<string> = new Set(BRIDGED_EVENTS)
const STARTING: ReadonlySet<string> = new Set(STARTING_EVENTS)
const LISTED: string = eventType('registration', 'child-listed')

/** An event of which the bridge makes a signal; `fact` is absent where it does not. */
export interface Bridged {
  event: Event
  fact?: ChildFact
  /** Whether it may start a workflow; `first` usually does. */
  starts: 'first' | 'if-absent' | 'never'
}

/**
 * A Kafka message as the bridge takes it.
 * @throws Undecodable, EventDataError if the message is not an event of ours; it goes to the dead-letter topic
 */
export function bridgedOf(message: RawMessage): Bridged {
  const event = decodeEvent(message)
  if (!BRIDGED.has(event.type)) return { event, starts: 'never' }
  const fact = decodeEventData(event.type, event.data) as ChildFact
  return { event, fact, starts: event.type === LISTED ? 'first' : STARTING.has(event.type) ? 'if-absent' : 'never' }
}
