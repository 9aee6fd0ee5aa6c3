import type { Database } from '../store/database.js'
import type { CaseTimelines } from '../store/timelines.js'

/** What the endpoints of this service stand on. */
export interface Room {
  database: Database
  timelines: CaseTimelines
  /** Tells the inquiries that a check was opened. */
  wakeInquiries(): void
}
