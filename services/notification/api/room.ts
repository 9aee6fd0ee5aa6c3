import type { PeopleClient } from '../events/people.js'
import type { Database } from '../store/database.js'
import type { Timelines } from '../../../platform/windows/index.js'

/** What the endpoints of this service stand on. */
export interface Room {
  database: Database
  timelines: Timelines
  registration: PeopleClient
  /** Tells the sender that messages were queued. */
  wakeSender(): void
}
