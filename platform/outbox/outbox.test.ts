import { Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import type { Event, Topic } from '../../contracts/events/envelope.js'
import { testStack } from '../../tests/support/stack.js'
import { createLog } from '../log.js'
import { createPool } from '../postgres/pool.js'
import { inPoolTransaction } from '../postgres/transaction.js'
import { createTestDatabase, type TestDatabase } from '../testing/database.js'
import { childId } from '../testing/timeline.js'
import { until } from '../testing/until.js'
import { enqueue } from './enqueue.js'
import { measureOutbox } from './metrics.js'
import { startRelay, type Relay } from './relay.js'

const log = createLog({ name: 'test', level: 'silent' })

let database: TestDatabase
beforeAll(async () => { database = await createTestDatabase((await testStack()).postgresUrl) })
afterAll(() => database.drop())

let sent: string[]
let relays: Relay[]
let fail: (() => Error | undefined)
beforeEach(() => {
  sent = []
  relays = []
  fail = () => undefined
})
afterEach(async () => {
  for (const relay of relays) await relay.stop()
  await database.pool.query('DELETE FROM platform.outbox')
})

const producer = {
  send: async (messages: readonly { topic: Topic; event: Event }[]) => {
    const error = fail()
    if (error) throw error
    sent.push(...messages.map(({ event }) => event.id))
  },
}

function relay(pool = database.pool, pollMs = 50): Relay {
  const started = startRelay({ pool, producer, log, pollMs })
  relays.push(started)
  return started
}

const event = (id: string): Event => ({
  id, type: 'cn.ruxue.registration.child-listed.v1', source: '/ruxue/registration', subject: childId(),
  time: new Date().toISOString(), season: 's', data: { id },
})
const put = (...ids: string[]) => inPoolTransaction(database.pool, (sql) => enqueue(sql, 'registration', ids.map(event)))
const waiting = async () => (await database.pool.query('SELECT FROM platform.outbox')).rowCount

describe('the outbox', () => {
  it('gives out what was committed, in its order, and nothing that was rolled back', async () => {
    await put('1', '2')
    await inPoolTransaction(database.pool, async (sql) => {
      await enqueue(sql, 'registration', [event('never')])
      throw new Error('rolled back')
    }).catch(() => undefined)
    await put('3')
    await relay().idle()
    expect(sent).toEqual(['1', '2', '3'])
    expect(await waiting()).toBe(0)
  })

  it('wakes its relay at the commit, without waiting for the next poll', async () => {
    const running = relay(database.pool, 3_600_000)
    await until(() => running.isLeader(), Boolean)
    await put('now')
    expect(await until(() => sent, (ids) => ids.length > 0)).toEqual(['now'])
  })

  it('keeps what Kafka did not acknowledge and sends it again, in order', async () => {
    let refusals = 2
    fail = () => (refusals-- > 0 ? new Error('no broker') : undefined)
    await put('1', '2')
    await relay().idle()
    expect(sent).toEqual(['1', '2'])
  })

  it('tells how many events wait', async () => {
    const registry = new Registry()
    measureOutbox(registry, database.pool)
    await put('1', '2')
    expect(await registry.metrics()).toContain('ruxue_outbox_waiting 2')
  })

  it('has one leader; when its session dies another takes over and nothing is lost', async () => {
    const ours = createPool(database.url, { applicationName: 'first-relay', statementTimeoutMs: 5_000, max: 2 })
    const first = relay(ours)
    await until(() => first.isLeader(), Boolean)
    const second = relay()
    await put('1')
    await until(() => sent, (ids) => ids.length === 1)
    expect(second.isLeader()).toBe(false)
    void first.stop()
    await database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'first-relay'`)
    await put('2')
    await until(() => second.isLeader(), Boolean)
    await second.idle()
    expect(sent).toEqual(['1', '2'])
    await first.stop()
    await ours.end()
  })

  it('takes the lead again after its own session was cut', async () => {
    const ours = createPool(database.url, { applicationName: 'cut-relay', statementTimeoutMs: 5_000, max: 2 })
    const running = relay(ours)
    await until(() => running.isLeader(), Boolean)
    await database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut-relay'`)
    await put('after')
    expect(await until(() => sent, (ids) => ids.length > 0)).toEqual(['after'])
    await running.stop()
    await ours.end()
  })
})
