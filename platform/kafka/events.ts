import type { IHeaders, Message } from 'kafkajs'
import { z } from 'zod'
import type { Event, Topic } from '../../contracts/events/envelope.js'

/** Why a message is not one of our events. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/** A message as kafkajs hands it out. */
export interface RawMessage {
  key: Buffer | null
  value: Buffer | null
  headers?: IHeaders | undefined
  offset: string
}

const envelope = z.object({
  id: z.string().min(1),
  type: z.templateLiteral(['cn.ruxue.', z.string().min(1), '.v1']),
  source: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  season: z.string().min(1),
})

/** CloudEvents binary mode: attributes as `ce_*` headers, the data alone as value. */
export const encodeEvent = (event: Event, traceparent?: string): Message => ({
  key: event.subject,
  value: JSON.stringify(event.data),
  headers: {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_subject: event.subject,
    ce_time: event.time,
    ce_season: event.season,
    'content-type': 'application/json',
    ...(traceparent !== undefined && { traceparent }),
  },
})

/** @throws Undecodable */
export function decodeEvent(message: RawMessage): Event {
  const header = (name: string) => message.headers?.[name]?.toString()
  const parsed = envelope.safeParse({
    id: header('ce_id'),
    type: header('ce_type'),
    source: header('ce_source'),
    subject: header('ce_subject'),
    time: header('ce_time'),
    season: header('ce_season'),
  })
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `ce_${issue.path.join('.')}: ${issue.message}`)
    throw new Undecodable(`not a CloudEvent of ours: ${faults.join('; ')}`)
  }
  if (!message.value) throw new Undecodable('the message has no data')
  try {
    return { ...parsed.data, data: JSON.parse(message.value.toString()) as unknown }
  } catch {
    throw new Undecodable('the data is not JSON')
  }
}

/** The name of a topic on the broker: `ruxue.registration`. */
export const topicName = (prefix: string, topic: Topic): string => `${prefix}.${topic}`
