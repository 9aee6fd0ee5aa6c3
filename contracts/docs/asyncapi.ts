import type { z } from 'zod'
import { EVENT_SCHEMAS } from '../events/schemas.js'
import { EVENTS, FACT_EVENTS, eventType, type EventTopic } from '../events/types.js'
import { jsonSchemaOf, type JsonSchema } from './json-schema.js'

/** What each topic tells, for the reader of the document. */
const TOPIC_SUMMARIES: Record<EventTopic, string> = {
  registration: 'Who is in the season: roster, forms, withdrawals',
  verification: 'What authorities answered and offices decided',
  allocation: 'Schools, zones, choices, rounds, places, check-ins',
  notification: 'Papers issued and exchanged, messages sent',
  enrollment: 'Every visible change of a child’s status; what most integrators need',
  season: 'The calendar: opened, extended, closed',
}

/**
 * The AsyncAPI 3.0 document: one channel a topic, a message for every event type, the CloudEvents attributes as
 * Kafka headers (binary mode) and the key.
 */
export function asyncApi(): JsonSchema {
  const topics = Object.keys(EVENTS) as EventTopic[]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ruxue events',
      version: '1',
      description: 'CloudEvents 1.0 in Kafka binary mode. At least once, in order for each key. No personal data.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channelOf(topic)])),
    operations: Object.fromEntries(topics.map((topic) => [`consume-${topic}`, operationOf(topic)])),
    components: {
      messages: Object.fromEntries(topics.flatMap((topic) => typesOf(topic).map((type) => [type, messageOf(type)]))),
      schemas: { childFact: jsonSchemaOf(EVENT_SCHEMAS[FACT_EVENTS[0]] as z.ZodType) },
      messageTraits: { cloudEvent: { headers: HEADERS } },
    },
  }
}

const typesOf = (topic: EventTopic): string[] => EVENTS[topic].map((name) => eventType(topic, name as never))

function channelOf(topic: EventTopic): JsonSchema {
  return {
    address: `{prefix}.${topic}`,
    title: topic,
    summary: TOPIC_SUMMARIES[topic],
    parameters: { prefix: { description: 'The installation’s topic prefix', default: 'ruxue' } },
    messages: Object.fromEntries(typesOf(topic).map((type) => [type, { $ref: `#/components/messages/${type}` }])),
  }
}

function operationOf(topic: EventTopic): JsonSchema {
  return { action: 'receive', channel: { $ref: `#/channels/${topic}` }, summary: TOPIC_SUMMARIES[topic] }
}

function messageOf(type: string): JsonSchema {
  const isFact = (FACT_EVENTS as readonly string[]).includes(type)
  const schema = (EVENT_SCHEMAS as Record<string, z.ZodType>)[type] as z.ZodType
  return {
    name: type,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: isFact ? { $ref: '#/components/schemas/childFact' } : jsonSchemaOf(schema),
    bindings: { kafka: { key: { type: 'string', description: 'The child’s id, or the aggregate’s where there is no child' } } },
  }
}

const text = (description: string): JsonSchema => ({ type: 'string', description })
const HEADERS: JsonSchema = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'ce_season'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text('Unique; deduplicate by it'),
    ce_type: text('cn.ruxue.<topic>.<name>.v1'),
    ce_source: text('/ruxue/<topic>'),
    ce_subject: text('The same as the key'),
    ce_time: { type: 'string', format: 'date-time' },
    ce_season: text('Season id'),
    'content-type': { const: 'application/json' },
  },
}
