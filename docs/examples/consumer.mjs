// Follows the children of a season: prints each visible change of a child's status, once.
//   KAFKA_BROKERS=127.0.0.1:9092 TOPIC_PREFIX=ruxue GROUP=school-registry node docs/examples/consumer.mjs
// Needs only kafkajs. The fields are those of docs/contracts/asyncapi.json.
import { Kafka, logLevel } from 'kafkajs'

/**
 * @typedef {object} EnrollmentEvent  `cn.ruxue.enrollment.*.v1` in asyncapi.json
 * @property {string} season
 * @property {string} child     opaque id, also the Kafka key
 * @property {string} [district]
 * @property {string} status    listed | registered | approved | refused | placed | enrolled | awaiting-arrangement | arranged | ended
 * @property {number} sequence  grows by one with each visible change of this child
 * @property {{ kind: string, school?: string, reason?: string }} [end]
 */

const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(',')
const topic = `${process.env.TOPIC_PREFIX ?? 'ruxue'}.enrollment`
// A group of your own: it remembers how far you have read, and shares the work among your processes.
const groupId = process.env.GROUP ?? 'my-consumer'

const kafka = new Kafka({ clientId: groupId, brokers, logLevel: logLevel.ERROR })
const consumer = kafka.consumer({ groupId })

// Delivery is at least once. Keep these beside the effect they had, in one transaction of your database;
// in memory they only show the idea.
const seen = new Set()
/** @type {Map<string, number>} */
const newest = new Map()

/** @param {EnrollmentEvent} event */
function apply(event) {
  // Full snapshots: an older one than you have changes nothing, whatever the order.
  const key = `${event.season}/${event.child}`
  if (event.sequence <= (newest.get(key) ?? 0)) return
  newest.set(key, event.sequence)
  const school = event.end?.school ? ` at ${event.end.school}` : ''
  console.log(`${event.child} ${event.status}${school}`)
}

await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message }) => {
    const header = (name) => String(message.headers?.[name])
    const id = `${header('ce_source')}#${header('ce_id')}`
    if (seen.has(id)) return
    const type = header('ce_type')
    // Take only the versions you know; a change that breaks you gets a new version beside the old one.
    if (/^cn\.ruxue\.enrollment\.[a-z-]+\.v1$/.test(type)) apply(JSON.parse(String(message.value)))
    seen.add(id)
  },
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    void consumer.disconnect().finally(() => process.exit(0))
  })
}
