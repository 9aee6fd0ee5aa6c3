import type { Client } from '@temporalio/client'
import { systemClock, type Clock } from '../platform/clock.js'
import type { Log } from '../platform/log.js'
import { allocationActivities } from './allocation.js'
import type { ServiceClients } from './clients.js'
import { enrollmentsActivities } from './enrollments.js'
import { eventActivities } from './events.js'
import { notificationActivities } from './notification.js'
import { ownerActivities } from './owners.js'
import type { EnrollmentActivities, RoundActivities, SeasonActivities } from './ports.js'
import type { Publisher } from './publisher.js'
import { verificationActivities } from './verification.js'

export interface ActivityParts {
  clients: ServiceClients
  publisher: Publisher
  /** Counts the season's workflows. */
  temporal: Client
  log: Log
  clock?: Clock
}

export type Activities = EnrollmentActivities & RoundActivities & SeasonActivities

/** All activities; each worker registers them all and its workflows use their own. */
export function createActivities({ clients, publisher, temporal, log, clock = systemClock }: ActivityParts): Activities {
  return {
    ...ownerActivities(clients, clock),
    ...verificationActivities(clients),
    ...allocationActivities(clients),
    ...notificationActivities(clients),
    ...eventActivities(publisher),
    ...enrollmentsActivities(temporal, log),
  }
}

export { createServiceClients, type ServiceClients } from './clients.js'
export { createPublisher, type Publisher } from './publisher.js'
