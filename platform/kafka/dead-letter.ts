import { z } from 'zod'
import type { Topic } from '../../contracts/events/envelope.js'
import { topicName, Undecodable, type RawMessage } from './events.js'
import type { EventProducer } from './producer.js'

/** Where a message was when it could not be consumed, and why. */
export interface Origin {
  /** The broker's name of the topic. */
  topic: string
  partition: number
  offset: string
  group: string
}

/** A message that a consumer group could not take, as it stands in the dead-letter topic. */
export interface DeadLetter extends Origin {
  /** `group/topic/partition/offset`. */
  id: string
  cause: string
  /** ISO 8601. */
  failedAt: string
  key: string | undefined
  value: string | undefined
  headers: Record<string, string>
}

const MARK = 'dead-letter-'
const REPLAYED = 'replayed-from'

const marks = z.object({
  topic: z.string(),
  partition: z.coerce.number().int(),
  offset: z.string(),
  group: z.string(),
  cause: z.string(),
  at: z.string(),
})

/** Puts a message aside with its cause. */
export async function sendDeadLetter(
  producer: EventProducer,
  topicPrefix: string,
  message: RawMessage,
  origin: Origin,
  cause: unknown,
): Promise<void> {
  const headers = {
    ...headersOf(message),
    [`${MARK}topic`]: origin.topic,
    [`${MARK}partition`]: String(origin.partition),
    [`${MARK}offset`]: origin.offset,
    [`${MARK}group`]: origin.group,
    [`${MARK}cause`]: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
    [`${MARK}at`]: new Date().toISOString(),
  }
  await producer.sendRaw(topicName(topicPrefix, 'dead-letter' satisfies Topic), [{ key: message.key, value: message.value, headers }])
}

/** @throws Undecodable if it was not put there by `sendDeadLetter` */
export function decodeDeadLetter(message: RawMessage): DeadLetter {
  const all = headersOf(message)
  const marked = Object.entries(all).filter(([name]) => name.startsWith(MARK)).map(([name, value]) => [name.slice(MARK.length), value])
  const parsed = marks.safeParse(Object.fromEntries(marked))
  if (!parsed.success) throw new Undecodable('not a dead letter')
  const { topic, partition, offset, group, cause, at } = parsed.data
  return {
    id: [group, topic, partition, offset].join('/'),
    topic,
    partition,
    offset,
    group,
    cause,
    failedAt: at,
    key: message.key?.toString(),
    value: message.value?.toString(),
    headers: Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(MARK))),
  }
}

/** Sends a dead letter to its topic again; groups that had taken it know it by its `ce_id`. */
export async function replayDeadLetter(producer: EventProducer, letter: DeadLetter): Promise<void> {
  await producer.sendRaw(letter.topic, [
    { key: letter.key ?? null, value: letter.value ?? null, headers: { ...letter.headers, [REPLAYED]: letter.id } },
  ])
}

function headersOf(message: RawMessage): Record<string, string> {
  const pairs = Object.entries(message.headers ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value.toString()]]))
  return Object.fromEntries(pairs) as Record<string, string>
}
