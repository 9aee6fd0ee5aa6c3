import type { Clock } from '../../../platform/clock.js'
import type { EventProducer } from '../../../platform/kafka/index.js'
import type { Log } from '../../../platform/log.js'
import type { Sql, Transactional } from '../../../platform/postgres/index.js'
import type { People } from './people.js'
import type { Workflows } from './workflows.js'

/** What the endpoints work with. */
export interface Context {
  database: Sql & Transactional<Sql>
  clock: Clock
  log: Log
  workflows: Workflows
  people: People
  producer: EventProducer
}
