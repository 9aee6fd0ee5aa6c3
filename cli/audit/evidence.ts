import type { Client } from '@temporalio/client'
import type { Kafka } from 'kafkajs'
import type { Timeline } from '../../policies/timeline.js'
import type { Receipt } from '../rehearsal/ledger.js'
import type { Counted, Violation } from './report.js'
import type { Databases } from './sources/databases.js'
import type { EventLog } from './sources/event-log.js'
import type { ChildWorkflow } from './sources/workflows.js'

/** Connections to the four places the audit reads. */
export interface Sources {
  season: string
  topicPrefix: string
  databases: Databases
  kafka: Kafka
  temporal: Client
}

/** What they said, read once. */
export interface Evidence extends Sources {
  timeline: Timeline
  /** Whether the season has closed; only then every child has an end. */
  closed: boolean
  log: EventLog
  workflows: ReadonlyMap<string, ChildWorkflow>
  receipts: readonly Receipt[]
}

/** One check: what is wrong, and what it looked at. */
export interface Finding {
  violations: Violation[]
  counted?: Partial<Counted>
}
export type Check = (evidence: Evidence) => Promise<Finding>
