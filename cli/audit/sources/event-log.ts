import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import type { EndState, EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { EVENTS, FACT_EVENTS, type EventTopic } from '../../../contracts/events/types.js'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { decodeEvent, topicName, withAdmin, type RawMessage } from '../../../platform/kafka/index.js'

export interface PublishedRound {
  listHash: string
  run: number
  hash: string
  admitted: number
  notAdmitted: number
}

/** A snapshot as it was told, and when (ms). */
export interface Told {
  at: number
  fact: ChildFact
}

export interface Zone {
  schools: string[]
  location?: { x: number; y: number } | undefined
}

/** A season as its event log alone tells it, read from the beginning. */
export interface EventLog {
  events: number
  /** The newest snapshot of each aggregate by `child/aggregate/id`. */
  facts: Map<string, ChildFact>
  /** By child all that was told of it, older snapshots too: what was known at an instant follows from it. */
  told: Map<string, Told[]>
  /** Keys of snapshots told with one revision and two contents. */
  contradictions: Set<string>
  /** Each different end told of a child. */
  ends: Map<string, EndState[]>
  /** By child when (ms) it was first told what the desk or a closing phase ended it with. */
  endedAt: Map<string, number>
  /** By child the desks on which it had a case. */
  desks: Map<string, Set<string>>
  /** Plan by school. */
  plans: Map<string, number>
  /** By school what the groups of the policy read of it. */
  schools: Map<string, Record<string, FactValue>>
  zones: Map<string, Zone>
  closes: Map<string, { count: number; digest: string }>
  /** By phase when (ms) its owner closed it, a round with its publication. */
  closedAt: Map<string, number>
  rounds: Map<string, PublishedRound>
  /** By round when (ms) each of its runs was frozen. */
  frozenAt: Map<string, number[]>
}

export const factKey = ({ child, aggregate, id }: Pick<ChildFact, 'child' | 'aggregate' | 'id'>): string => `${child}/${aggregate}/${id}`

/** The log of a season of which nothing has been told. */
export const emptyLog = (): EventLog => ({
  events: 0, facts: new Map(), told: new Map(), contradictions: new Set(), ends: new Map(), endedAt: new Map(), desks: new Map(),
  plans: new Map(), schools: new Map(), zones: new Map(), closes: new Map(), closedAt: new Map(), rounds: new Map(), frozenAt: new Map(),
})

/** Reads all topics from their beginning to where they end now. */
export async function readEventLog(kafka: Kafka, topicPrefix: string, season: string): Promise<EventLog> {
  const log = emptyLog()
  const seen = new Set<string>()
  await readToEnd(kafka, topicPrefix, (message) => {
    if (message.headers?.ce_season?.toString() !== season) return
    const event = decodeEvent(message)
    if (seen.has(`${event.source}#${event.id}`)) return
    seen.add(`${event.source}#${event.id}`)
    fold(log, event)
  })
  return log
}

const FACT_TYPES: ReadonlySet<string> = new Set(FACT_EVENTS)

/** Adds to a log what an event tells. */
export function fold(log: EventLog, { type, time, data }: Event): void {
  log.events += 1
  const at = Date.parse(time)
  if (FACT_TYPES.has(type)) return foldFact(log, { at, fact: data as ChildFact })
  if (type.startsWith('cn.ruxue.enrollment.')) return foldEnrollment(log, data as EnrollmentEvent, at)
  FOLDS[type.split('.')[3]!]?.(log, data, at)
}

/** What is kept of an event that is not about a child, by the name of its type. */
const FOLDS: Record<string, (log: EventLog, data: unknown, at: number) => void> = {
  'school-offered': (log, data) => {
    const { id, plan, facts } = data as { id: string; plan: number; facts: Record<string, FactValue> }
    log.plans.set(id, plan)
    log.schools.set(id, facts)
  },
  'zone-drawn': (log, data) => {
    const { id, schools, location } = data as { id: string } & Zone
    log.zones.set(id, { schools, location })
  },
  'phase-closed': (log, data) => {
    const { phase, closedAt, ...close } = data as { phase: string; closedAt: string; count: number; digest: string }
    log.closes.set(phase, close)
    log.closedAt.set(phase, Date.parse(closedAt))
  },
  'round-frozen': (log, data, at) => {
    const { phase, run } = data as { phase: string; run: number }
    const runs = log.frozenAt.get(phase) ?? []
    runs[run - 1] = at
    log.frozenAt.set(phase, runs)
  },
  'round-published': (log, data, at) => {
    const round = data as PublishedRound & { phase: string }
    log.rounds.set(round.phase, round)
    log.closedAt.set(round.phase, at)
  },
}

function foldFact(log: EventLog, told: Told): void {
  const { fact } = told
  const key = factKey(fact)
  const known = log.facts.get(key)
  if (known?.revision === fact.revision && canonicalJson(known) !== canonicalJson(fact)) log.contradictions.add(key)
  if (!known || known.revision < fact.revision) log.facts.set(key, fact)
  const before = log.told.get(fact.child)
  if (before) before.push(told)
  else log.told.set(fact.child, [told])
}

function foldEnrollment(log: EventLog, { child, arrangement, ended, end }: EnrollmentEvent, at: number): void {
  if (arrangement) log.desks.set(child, (log.desks.get(child) ?? new Set()).add(arrangement.phase))
  if ((ended ?? end) && !log.endedAt.has(child)) log.endedAt.set(child, at)
  if (!end) return
  const known = log.ends.get(child) ?? []
  if (!known.some((other) => canonicalJson(other) === canonicalJson(end))) log.ends.set(child, [...known, end])
}

async function readToEnd(kafka: Kafka, topicPrefix: string, take: (message: RawMessage) => void): Promise<void> {
  const topics = (Object.keys(EVENTS) as EventTopic[]).map((topic) => topicName(topicPrefix, topic))
  const left = await partitionEnds(kafka, topics)
  if (left.size === 0) return
  const groupId = `${topicPrefix}.audit-${randomUUID()}`
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const partition = `${batch.topic}/${batch.partition}`
          const end = left.get(partition)
          if (end === undefined) return
          for (const message of batch.messages) if (Number(message.offset) < end) take(message)
          if (Number(batch.lastOffset()) >= end - 1) left.delete(partition)
          if (left.size === 0) resolve()
        },
      }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined)
  }
}

/** The offset after the last message of every partition that has any. */
async function partitionEnds(kafka: Kafka, topics: readonly string[]): Promise<Map<string, number>> {
  return withAdmin(kafka, async (admin) => {
    const there = new Set(await admin.listTopics())
    const ends = new Map<string, number>()
    for (const topic of topics) {
      if (!there.has(topic)) throw new Error(`There is no topic ${topic}`)
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high))
      }
    }
    return ends
  })
}
