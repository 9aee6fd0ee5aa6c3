import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import { testStack } from '../../tests/support/stack.js'
import { createIssuer, createVerifier, generateTokenKeys } from '../auth.js'
import { systemClock } from '../clock.js'
import { storeFacts } from '../facts/store.js'
import { createClient, type Client } from '../http/client.js'
import { databaseCheck } from '../http/health.js'
import { createHttpServer, type HttpServer } from '../http/server.js'
import { createLog } from '../log.js'
import { isProblem } from '../problem.js'
import { createTestDatabase, testClient, type TestDatabase } from '../testing/database.js'
import { childId, sketchTimeline } from '../testing/timeline.js'
import { mountSeasons } from './endpoints.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DRAIN_MS = HOUR
const child = childId()

let database: TestDatabase
let server: HttpServer
let client: Client<typeof seasonEndpoints>
const closes: string[] = []

beforeAll(async () => {
  database = await createTestDatabase((await testStack()).postgresUrl)
  const keys = await generateTokenKeys()
  const issuer = await createIssuer(keys)
  const sql = testClient(database.pool)
  server = createHttpServer({
    name: 'registration',
    verifier: await createVerifier(keys),
    log: createLog({ name: 'test', level: 'silent' }),
    clock: systemClock,
    config: { requestTimeoutMs: 5_000, drainMs: 6_000, host: '127.0.0.1' },
    readiness: [databaseCheck(sql, systemClock, 250)],
    endpoints: mountSeasons({
      database: sql,
      owner: 'registration',
      drainMs: DRAIN_MS,
      onInstall: async (tx, season) => { await storeFacts(tx, [{ season, child, aggregate: 'roster', id: 'roster', revision: 1 }]) },
      onClose: async (_tx, season, phase) => { closes.push(`${season}/${phase}`) },
    }),
  })
  const baseUrl = await server.listen(0)
  client = createClient(seasonEndpoints, { baseUrl, token: () => issuer.sign({ subject: 'season', role: 'service' }, 60) })
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown)
  if (!isProblem(error)) throw new Error(`Expected a problem, got ${String(error)}`)
  return error
}

function install(season: string, closesAt: number, hash?: string) {
  const timeline = sketchTimeline([
    { id: 'register', opensAt: closesAt - HOUR, closesAt },
    { id: 'choose', kind: 'choice', owner: 'allocation', opensAt: closesAt, closesAt: closesAt + 2 * HOUR },
  ], hash)
  return client.installSeason({ params: { season }, body: { timeline } })
}

/** Instead of waiting, moves the season's windows into the past. */
async function passTime(season: string, ms: number): Promise<void> {
  await database.pool.query(
    `UPDATE platform.phase_window SET opens_at = opens_at - $2 * interval '1 ms', closes_at = closes_at - $2 * interval '1 ms' WHERE season = $1`,
    [season, ms],
  )
}

describe('a season over HTTP', () => {
  it('is installed with the windows this service owns; again it is the same, with another policy refused', async () => {
    const closesAt = Date.now() + HOUR
    const view = await install('s-install', closesAt)
    expect(view).toMatchObject({ season: 's-install', policyHash: 'hash-1', state: 'open' })
    expect(view.windows).toEqual([{
      phase: 'register', kind: 'registration', opensAt: new Date(closesAt - HOUR).toISOString(), closesAt: new Date(closesAt).toISOString(),
    }])
    expect(await install('s-install', closesAt)).toEqual(view)
    expect((await refusalOf(install('s-install', closesAt, 'hash-2'))).type).toBe('different-season')
    const { timeline } = await client.getTimeline({ params: { season: 's-install' } })
    expect(timeline.phases.map(({ id }) => id)).toEqual(['register', 'choose'])
    expect((await refusalOf(client.getSeason({ params: { season: 'nowhere' } }))).type).toBe('unknown-season')
  })

  it('tells a child’s workflow until when a phase is open, then to ask again, then the facts', async () => {
    const closesAt = Date.now() + HOUR
    const params = { season: 's-outcome', phase: 'register', child }
    await install('s-outcome', closesAt)
    expect(await client.getOutcome({ params })).toEqual({ state: 'open', closesAt: new Date(closesAt).toISOString() })
    expect((await refusalOf(client.closePhase({ params }))).type).toBe('still-open')
    await passTime('s-outcome', 90 * MINUTE)
    expect((await refusalOf(client.closePhase({ params }))).type).toBe('not-yet')
    const early = await refusalOf(client.getOutcome({ params }))
    expect(early.type).toBe('not-yet')
    expect(early.retryAfterMs).toBeGreaterThan(29 * MINUTE)
    expect(early.retryAfterMs).toBeLessThanOrEqual(30 * MINUTE)
    await passTime('s-outcome', 30 * MINUTE)
    const close = await client.closePhase({ params })
    expect(close).toMatchObject({ phase: 'register', count: 0 })
    const closed = await client.getOutcome({ params })
    expect(closed).toMatchObject({ state: 'closed', facts: [{ aggregate: 'roster', child }] })
  })

  it('closes a phase once and publishes that once, however often it is asked', async () => {
    const closesAt = Date.now() - 2 * HOUR
    await install('s-close', closesAt)
    const params = { season: 's-close', phase: 'register' }
    const answers = await Promise.all([1, 2, 3].map(() => client.closePhase({ params })))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(closes.filter((close) => close === 's-close/register')).toHaveLength(1)
    const { rows } = await database.pool.query<{ event: { type: string; data: unknown } }>(`SELECT event FROM platform.outbox WHERE event->>'season' = 's-close'`)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.event).toMatchObject({ type: 'cn.ruxue.registration.phase-closed.v1', subject: 'register', data: answers[0] })
    expect((await client.getSeason({ params })).windows[0]?.closed).toEqual(answers[0])
  })

  it('extends a window up to the end of the season and not beyond', async () => {
    const closesAt = Date.now() + HOUR
    await install('s-extend', closesAt)
    const params = { season: 's-extend', phase: 'register' }
    const extend = (at: number) => client.extendPhase({ params, body: { closesAt: new Date(at).toISOString() } })
    expect((await extend(closesAt + HOUR)).closesAt).toBe(new Date(closesAt + HOUR).toISOString())
    expect((await refusalOf(extend(closesAt + 3 * HOUR)))).toMatchObject({ type: 'extension-refused', particulars: { reason: 'too-late' } })
    const unknown = client.extendPhase({ params: { ...params, phase: 'choose' }, body: { closesAt: new Date(closesAt).toISOString() } })
    expect((await refusalOf(unknown)).type).toBe('unknown-phase')
  })

  it('is marked closed', async () => {
    await install('s-end', Date.now())
    expect((await client.closeSeason({ params: { season: 's-end' } })).state).toBe('closed')
    expect((await refusalOf(client.closeSeason({ params: { season: 'nowhere' } }))).type).toBe('unknown-season')
  })

  it('is served only while the clocks agree', async () => {
    const sql = testClient(database.pool)
    await expect(databaseCheck(sql, systemClock, 250).check()).resolves.toBeUndefined()
    const fast = { now: () => Date.now() + 5_000 }
    await expect(databaseCheck(sql, fast, 250).check()).rejects.toThrow(/the clock is -[45]\d{3} ms off/)
  })
})
