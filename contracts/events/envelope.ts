import type { SeasonId } from '../ids.js'

/** Topics by the service that writes them; the last takes what could not be consumed. */
export const TOPICS = [
  'registration',
  'verification',
  'allocation',
  'notification',
  'enrollment',
  'season',
  'dead-letter',
] as const
export type Topic = (typeof TOPICS)[number]

/** CloudEvents `source` of each writer. */
export const eventSource = (topic: Topic): string => `/ruxue/${topic}`

/**
 * One event as every consumer sees it; over Kafka it travels in CloudEvents binary mode, its attributes as
 * `ce_*` headers. Holds no personal data.
 */
export interface Event<T = unknown> {
  /** CloudEvents id, unique per source; consumers deduplicate by it. */
  id: string
  /** One of `EventType` in `types.ts`: `cn.ruxue.<topic>.<name>.v1`. */
  type: `cn.ruxue.${string}.v1`
  source: string
  /** The child's id, or the aggregate's where there is no child. The Kafka key. */
  subject: string
  /** When it happened, ISO 8601 with milliseconds. */
  time: string
  season: SeasonId
  data: T
}
