import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import type { EndState, EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { Event } from '../../../contracts/events/envelope.js'
import { EVENTS, FACT_EVENTS, type EventTopic } from '../../../contracts/events/types.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { canonicalJson } from '../../../platform/crypto.js'
import { decodeEvent, topicName, withAdmin, type RawMessage } from '../../../platform/kafka/index.js'

export interface PublishedRound {
  listHash: string
  run: number
  hash: string
  admitted: number
  notAdmitted: number
}

/** A season as its event log alone tells it, read from the beginning. */
export interface EventLog {
  events: number
  /** The newest snapshot of each aggregate by `child/aggregate/id`. */
  facts: Map<string, ChildFact>
  /** Keys of snapshots told with one revision and two contents. */
  contradictions: Set<string>
  /** Each different end told of a child. */
  ends: Map<string, EndState[]>
  /** Plan by school. */
  plans: Map<string, number>
  closes: Map<string, { count: number; digest: string }>
  rounds: Map<string, PublishedRound>
}

export const factKey = ({ child, aggregate, id }: Pick<ChildFact, 'child' | 'aggregate' | 'id'>): string => `${child}/${aggregate}/${id}`

/** Reads all topics from their beginning to where they end now. */
export async function readEventLog(kafka: Kafka, topicPrefix: string, season: string): Promise<EventLog> {
  const log: EventLog = {
    events: 0, facts: new Map(), contradictions: new Set(), ends: new Map(), plans: new Map(), closes: new Map(), rounds: new Map(),
  }
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

function fold(log: EventLog, { type, data }: Event): void {
  log.events += 1
  if (FACT_TYPES.has(type)) return foldFact(log, data as ChildFact)
  if (type.startsWith('cn.ruxue.enrollment.')) return foldEnd(log, data as EnrollmentEvent)
  const name = type.split('.')[3]
  if (name === 'school-offered') log.plans.set((data as { id: string }).id, (data as { plan: number }).plan)
  if (name === 'phase-closed') log.closes.set((data as { phase: string }).phase, data as { count: number; digest: string })
  if (name === 'round-published') log.rounds.set((data as { phase: string }).phase, data as PublishedRound)
}

function foldFact(log: EventLog, fact: ChildFact): void {
  const key = factKey(fact)
  const known = log.facts.get(key)
  if (known?.revision === fact.revision && canonicalJson(known) !== canonicalJson(fact)) log.contradictions.add(key)
  if (!known || known.revision < fact.revision) log.facts.set(key, fact)
}

function foldEnd(log: EventLog, { child, end }: EnrollmentEvent): void {
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
