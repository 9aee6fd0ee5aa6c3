import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../contracts/facts.js'
import { testStack } from '../../tests/support/stack.js'
import { storeFacts } from '../facts/store.js'
import { inPoolTransaction } from '../postgres/transaction.js'
import { pgSql } from '../postgres/sql.js'
import { isProblem } from '../problem.js'
import { createTestDatabase, type TestDatabase } from '../testing/database.js'
import { childId, sketchTimeline } from '../testing/timeline.js'
import { until } from '../testing/until.js'
import { closeWindow } from './close.js'
import { windowDigest } from './digest.js'
import { extendWindow } from './extend.js'
import { readWindow, windowsOf } from './read.js'
import { installSeason } from './season.js'
import { lockOpenWindow } from './submit.js'

const HOUR = 3_600_000
const PHASE = 'register'
const FAR = Date.UTC(2100, 0, 1)

let database: TestDatabase
beforeAll(async () => { database = await createTestDatabase((await testStack()).postgresUrl) })
afterAll(() => database.drop())

const sql = () => pgSql(database.pool)
const inTx = <R>(run: Parameters<typeof inPoolTransaction<R>>[1]) => inPoolTransaction(database.pool, run)

let seasons = 0
/** A season of its own with one registration window that ends at the given instant. */
async function seasonClosingAt(closesAt: number, opensAt = closesAt - HOUR): Promise<string> {
  seasons += 1
  const season = `season-${seasons}`
  await inTx((tx) => installSeason(tx, season, sketchTimeline([{ id: PHASE, opensAt, closesAt }]), [PHASE]))
  return season
}

const filed = (season: string, revision = 1, child = childId()): ChildFact => ({
  season, child, aggregate: 'registration', id: 'information', revision, outcomes: { [PHASE]: 'filed' },
})

const submit = (season: string, receivedAt: number) => inTx(async (tx) => {
  await lockOpenWindow(tx, season, PHASE, receivedAt)
  const fact = filed(season)
  await storeFacts(tx, [fact])
  return fact.child
})

const close = (season: string, drainMs = 0) => inTx((tx) => closeWindow(tx, season, PHASE, { drainMs }))

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown)
  if (!isProblem(error)) throw new Error(`Expected a problem, got ${String(error)}`)
  return error
}

describe('a submission', () => {
  it('is accepted one millisecond before the close and refused at it, with the instant of closing', async () => {
    const closesAt = Date.now() + HOUR
    const season = await seasonClosingAt(closesAt)
    await expect(submit(season, closesAt - 1)).resolves.toMatch(/^c/)
    const refused = await refusalOf(submit(season, closesAt))
    expect(refused).toMatchObject({ type: 'window-closed', closesAt: new Date(closesAt).toISOString() })
  })

  it('is refused one millisecond before the opening and accepted at it', async () => {
    const closesAt = Date.now() + HOUR
    const season = await seasonClosingAt(closesAt)
    const refused = await refusalOf(submit(season, closesAt - HOUR - 1))
    expect(refused).toMatchObject({ type: 'window-not-open' })
    await expect(submit(season, closesAt - HOUR)).resolves.toMatch(/^c/)
  })

  it('is judged by its receipt, so one received in time is taken after the end as long as the phase is not closed', async () => {
    const closesAt = Date.now() - 1_000
    const season = await seasonClosingAt(closesAt)
    await expect(submit(season, closesAt - 1)).resolves.toMatch(/^c/)
    await close(season)
    expect((await refusalOf(submit(season, closesAt - 1))).type).toBe('window-closed')
  })

  it('names an unknown season and an unknown phase', async () => {
    const season = await seasonClosingAt(Date.now() + HOUR)
    expect((await refusalOf(inTx((tx) => lockOpenWindow(tx, 'nowhere', PHASE, 0)))).type).toBe('unknown-season')
    expect((await refusalOf(inTx((tx) => lockOpenWindow(tx, season, 'nothing', 0)))).type).toBe('unknown-phase')
  })
})

describe('closing', () => {
  it('waits for a submission whose transaction is open across the close, and counts it', async () => {
    const closesAt = Date.now() - 10
    const season = await seasonClosingAt(closesAt)
    const holding = await database.pool.connect()
    await holding.query('BEGIN')
    await lockOpenWindow(pgSql(holding), season, PHASE, closesAt - 1)
    const closing = close(season)
    await someoneWaitsForLock(holding)
    await storeFacts(pgSql(holding), [filed(season)])
    await holding.query('COMMIT')
    holding.release()
    expect(await closing).toMatchObject({ count: 1 })
  })

  it('is refused before the end and until the drain time has passed, and says when to ask again', async () => {
    const open = await seasonClosingAt(Date.now() + HOUR)
    expect(await refusalOf(close(open))).toMatchObject({ type: 'still-open' })
    const draining = await seasonClosingAt(Date.now() - 1_000)
    const refused = await refusalOf(close(draining, HOUR))
    expect(refused.type).toBe('not-yet')
    expect(refused.retryAfterMs).toBeGreaterThan(HOUR - 60_000)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR - 999)
  })

  it('happens once: simultaneous and later calls get the same answer and run its effects once', async () => {
    const season = await seasonClosingAt(Date.now() - 1_000)
    await inTx((tx) => storeFacts(tx, [filed(season), filed(season)]))
    let effects = 0
    const closeCounting = () => inTx((tx) => closeWindow(tx, season, PHASE, { drainMs: 0, onClose: async () => { effects += 1 } }))
    const [first, ...others] = await Promise.all([closeCounting(), closeCounting(), closeCounting()])
    expect(others).toEqual([first, first])
    await inTx((tx) => storeFacts(tx, [filed(season)]))
    expect(await closeCounting()).toEqual(first)
    expect(first?.count).toBe(2)
    expect(effects).toBe(1)
  })

  it('leaves the window open if its effects fail', async () => {
    const season = await seasonClosingAt(Date.now() - 1_000)
    const failing = inTx((tx) => closeWindow(tx, season, PHASE, { drainMs: 0, onClose: async () => { throw new Error('no') } }))
    await expect(failing).rejects.toThrow('no')
    expect((await readWindow(sql(), season, PHASE)).closed).toBeUndefined()
  })

  it('digests the revisions its own effects wrote', async () => {
    const season = await seasonClosingAt(Date.now() - 1_000)
    const fact = filed(season)
    await inTx((tx) => storeFacts(tx, [fact]))
    const closed = await inTx((tx) => closeWindow(tx, season, PHASE, {
      drainMs: 0,
      onClose: async () => { await storeFacts(tx, [{ ...fact, revision: 2, frozen: true }]) },
    }))
    expect(closed.digest).toBe(createHash('sha256').update(`${fact.child} 2\n`).digest('hex'))
  })
})

describe('the digest', () => {
  it('is the SHA-256 over the sorted lines of children with a live outcome, others left out', async () => {
    const season = await seasonClosingAt(Date.now() + HOUR)
    const facts = [filed(season, 3), filed(season, 1), filed(season, 12)]
    const missed = { ...filed(season), outcomes: { [PHASE]: 'missed' } }
    const otherwise = { ...filed(season), outcomes: { another: 'filed' } }
    await inTx((tx) => storeFacts(tx, [...facts, missed, otherwise]))
    const lines = facts.map(({ child, revision }) => `${child} ${revision}\n`).sort().join('')
    expect(await windowDigest(sql(), season, PHASE, 'registration')).toEqual({
      count: 3,
      digest: createHash('sha256').update(lines).digest('hex'),
    })
  })

  it('differs while a copy has an older revision of one child', async () => {
    const season = await seasonClosingAt(Date.now() + HOUR)
    const fact = filed(season)
    await inTx((tx) => storeFacts(tx, [fact]))
    const before = await windowDigest(sql(), season, PHASE, 'registration')
    await inTx((tx) => storeFacts(tx, [{ ...fact, revision: 2 }]))
    const after = await windowDigest(sql(), season, PHASE, 'registration')
    expect(after.count).toBe(before.count)
    expect(after.digest).not.toBe(before.digest)
  })
})

describe('an extension', () => {
  it('moves the end of a running window, and what came after the old end is then in time', async () => {
    const closesAt = Date.now() + HOUR
    const season = await seasonClosingAt(closesAt)
    const window = await inTx((tx) => extendWindow(tx, season, PHASE, closesAt + HOUR, FAR))
    expect(window.closesAt).toBe(closesAt + HOUR)
    await expect(submit(season, closesAt + HOUR - 1)).resolves.toMatch(/^c/)
    expect((await refusalOf(submit(season, closesAt + HOUR))).type).toBe('window-closed')
  })

  it.each([
    ['earlier', -1, FAR, 'not-later'],
    ['beyond what depends on it', HOUR + 1, HOUR, 'too-late'],
  ])('to an end %s is refused', async (_what, by, latestBy, reason) => {
    const closesAt = Date.now() + HOUR
    const season = await seasonClosingAt(closesAt)
    const latest = latestBy === FAR ? FAR : closesAt + latestBy
    const refused = await refusalOf(inTx((tx) => extendWindow(tx, season, PHASE, closesAt + by, latest)))
    expect(refused).toMatchObject({ type: 'extension-refused', particulars: { reason } })
    expect((await readWindow(sql(), season, PHASE)).closesAt).toBe(closesAt)
  })

  it('of a window that has ended, or is closed, is refused', async () => {
    const season = await seasonClosingAt(Date.now() - 1)
    const late = () => refusalOf(inTx((tx) => extendWindow(tx, season, PHASE, FAR, FAR)))
    expect((await late()).particulars?.reason).toBe('over')
    await close(season)
    expect((await late()).particulars?.reason).toBe('closed')
  })

  it('made twice is accepted twice', async () => {
    const closesAt = Date.now() + HOUR
    const season = await seasonClosingAt(closesAt)
    await inTx((tx) => extendWindow(tx, season, PHASE, closesAt + 5, FAR))
    expect((await inTx((tx) => extendWindow(tx, season, PHASE, closesAt + 5, FAR))).closesAt).toBe(closesAt + 5)
  })

  it('reads the clock only once it holds the row: one that had to wait past the end is refused', async () => {
    const closesAt = Date.now() + 400
    const season = await seasonClosingAt(closesAt)
    const holding = await database.pool.connect()
    await holding.query('BEGIN')
    await lockOpenWindow(pgSql(holding), season, PHASE, closesAt - 1)
    const extending = refusalOf(inTx((tx) => extendWindow(tx, season, PHASE, FAR, FAR)))
    await someoneWaitsForLock(holding)
    await until(() => databaseNow(holding), (now) => now >= closesAt)
    await holding.query('COMMIT')
    holding.release()
    expect((await extending).particulars?.reason).toBe('over')
  })

  it('racing with submissions around the end has one answer: those at the old end are in time exactly if it was accepted', async () => {
    for (let round = 0; round < 15; round += 1) {
      const closesAt = Date.now() + 30 + round
      const season = await seasonClosingAt(closesAt)
      await until(() => Date.now(), (now) => now >= closesAt - 3 + (round % 5))
      const extending = inTx((tx) => extendWindow(tx, season, PHASE, closesAt + HOUR, FAR)).then(() => true, () => false)
      await until(() => Date.now(), (now) => now >= closesAt + 1)
      const atEnd = Array.from({ length: 4 }, () => submit(season, closesAt).then(() => true, () => false))
      const accepted = await extending
      expect(await Promise.all(atEnd)).toEqual([accepted, accepted, accepted, accepted])
      expect((await readWindow(sql(), season, PHASE)).closesAt).toBe(accepted ? closesAt + HOUR : closesAt)
    }
  })

  it('racing with the close leaves the window either extended and open, or closed at its old end', async () => {
    const closesAt = Date.now() + 40
    const season = await seasonClosingAt(closesAt)
    const extending = until(() => Date.now(), (now) => now >= closesAt - 2)
      .then(() => inTx((tx) => extendWindow(tx, season, PHASE, closesAt + HOUR, FAR))).then(() => true, () => false)
    const closing = until(() => Date.now(), (now) => now >= closesAt)
      .then(() => close(season)).then(() => true, () => false)
    const [extended, closed] = await Promise.all([extending, closing])
    expect(closed).toBe(!extended)
    const window = await readWindow(sql(), season, PHASE)
    expect(window.closed !== undefined).toBe(closed)
    expect(window.closesAt).toBe(extended ? closesAt + HOUR : closesAt)
  })
})

describe('a season', () => {
  it('is installed once with the windows of the owned phases only; again changes nothing; another policy is refused', async () => {
    const closesAt = Date.now() + HOUR
    const timeline = sketchTimeline([
      { id: 'mine', opensAt: 0, closesAt },
      { id: 'theirs', opensAt: 0, closesAt, owner: 'allocation', kind: 'choice' },
    ])
    const install = (hash?: string) => inTx((tx) => installSeason(tx, 'installed', hash ? sketchTimeline([], hash) : timeline, ['mine']))
    expect(await install()).toBe(true)
    expect(await install()).toBe(false)
    expect((await windowsOf(sql(), 'installed')).map(({ phase }) => phase)).toEqual(['mine'])
    expect((await refusalOf(install('hash-2'))).type).toBe('different-season')
  })
})

/** Settles when another session waits for a lock that this one holds. */
async function someoneWaitsForLock(holder: PoolClient): Promise<void> {
  const { rows: [session] } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const waiting = async () => {
    const { rows } = await database.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))',
      [session?.pid],
    )
    return rows[0]?.n ?? 0
  }
  await until(waiting, (n) => n > 0)
}

const databaseNow = async (client: PoolClient): Promise<number> => {
  const { rows } = await client.query<{ ms: number }>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms')
  return rows[0]?.ms ?? 0
}
