import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import type { Event } from '../../../contracts/events/envelope.js'
import { schemaDiff } from '../../../infra/prisma/migrate.js'
import { inPoolTransaction, pgSql, type Sql } from '../../../platform/postgres/index.js'
import { freshDatabase } from '../../../tests/support/stack.js'
import { SEASON, childNo, event, fact, listed, opened, status } from '../console.fixture.js'
import { readPhases, readSeasonRow } from '../store/calendar.js'
import { lastPosition, readChanges } from '../store/changes.js'
import { readFigures } from '../store/figures.js'
import { readCases, readChild, readChildren } from '../store/lists.js'
import { readRounds } from '../store/rounds.js'
import { readTimeline } from '../store/traces.js'
import { project } from './project.js'

let pool: pg.Pool
let url: string
let sql: Sql
const take = (...events: Event[]) => inPoolTransaction(pool, (tx) => project(tx, events))
let next = 0
const newChild = () => childNo((next += 1))

describe('the console’s projection', () => {
  beforeAll(async () => {
    url = await freshDatabase('console')
    pool = new pg.Pool({ connectionString: url, max: 4 })
    sql = pgSql(pool)
  })
  afterAll(() => pool.end())

  it('knows a child from its first fact, before its workflow has spoken', async () => {
    const child = newChild()
    await take(listed(child, 'nanguan'))
    expect(await readChild(sql, SEASON, child)).toMatchObject({ district: 'nanguan', status: 'listed' })
  })

  it('takes an event once, however often it is delivered', async () => {
    const child = newChild()
    const once = status(child, 1, { status: 'registered' })
    const before = (await readFigures(sql, SEASON)).events
    await take(once, once)
    await take(once)
    expect(await readTimeline(sql, SEASON, child)).toHaveLength(1)
    expect((await readFigures(sql, SEASON)).events).toBe(before + 1)
  })

  it('keeps the highest sequence whatever the order of arrival', async () => {
    const child = newChild()
    await take(status(child, 2, { status: 'placed' }))
    await take(status(child, 1, { status: 'registered' }))
    expect((await readChild(sql, SEASON, child))?.status).toBe('placed')
  })

  it('keeps district and number that other topics tell later', async () => {
    const child = newChild()
    await take(status(child, 1, { status: 'registered' }))
    await take(listed(child, 'erdao'))
    await take(event('cn.ruxue.registration.registration-filed.v1', fact({ child, aggregate: 'registration', id: 'information', revision: 1, number: 'CC2200017', outcomes: { register: 'filed' } })))
    expect(await readChild(sql, SEASON, child)).toMatchObject({ district: 'erdao', number: 'CC2200017', status: 'registered' })
    expect((await readChildren(sql, SEASON, { text: 'CC22000', limit: 10 })).map((row) => row.child)).toEqual([child])
  })

  it('lists children by the outcome of a phase as the newest revision states it', async () => {
    const child = newChild()
    const choice = (revision: number, outcomes: Record<string, string>) =>
      event('cn.ruxue.allocation.choice-made.v1', fact({ child, aggregate: 'choice', id: 'wish', revision, outcomes }))
    const chosen = () => readChildren(sql, SEASON, { phase: 'wish', outcome: 'chosen', limit: 10 })
    await take(choice(2, { wish: 'chosen' }))
    await take(choice(1, {}))
    expect((await chosen()).map((row) => row.child)).toEqual([child])
    await take(choice(3, {}))
    expect(await chosen()).toEqual([])
  })

  it('opens a case and closes it with the first event that no longer carries it', async () => {
    const child = newChild()
    const desk = { phase: 'desk', cause: { noSeat: true as const }, openedAt: 2_000 }
    await take(status(child, 1, { status: 'registered', district: 'nanguan' }), status(child, 2, { status: 'awaiting-arrangement', arrangement: desk }))
    expect(await readCases(sql, SEASON, { state: 'open', district: 'nanguan', limit: 10 })).toMatchObject([{ child, openedAt: 2_000, cause: { noSeat: true } }])
    await take(status(child, 3, { status: 'arranged', end: { kind: 'arranged', phase: 'desk', school: 'no-1' } }))
    expect(await readCases(sql, SEASON, { state: 'open', district: 'nanguan', limit: 10 })).toEqual([])
    expect(await readCases(sql, SEASON, { state: 'closed', limit: 10 })).toMatchObject([{ child, closedAt: 3_000, closedAs: 'arranged' }])
  })

  it('sees a case that opened and closed within one batch', async () => {
    const child = newChild()
    const desk = { phase: 'desk', cause: { flaggedBy: 'o1', reason: 'moved' }, openedAt: 2_000 }
    await take(status(child, 2, { status: 'awaiting-arrangement', arrangement: desk }), status(child, 3, { status: 'placed' }))
    expect((await readCases(sql, SEASON, { state: 'closed', limit: 100 })).find((row) => row.child === child)).toMatchObject({ closedAs: 'placed' })
  })

  it('shows the deadline of the owner, also when the close arrives before the opening', async () => {
    const base = Date.parse('2022-05-12T01:00:00Z')
    const late = new Date(base + 15_000).toISOString()
    const close = { season: SEASON, phase: 'register', closesAt: late, closedAt: new Date(base + 21_000).toISOString(), count: 3, digest: 'd' }
    await take(event('cn.ruxue.registration.phase-closed.v1', close))
    await take(event('cn.ruxue.season.phase-extended.v1', { season: SEASON, phase: 'register', closesAt: late, officer: 'o1', reason: 'storm' }))
    await take(opened(base, 1_000))
    const [register] = await readPhases(sql, SEASON)
    expect(register).toMatchObject({ phase: 'register', closesAt: base + 15_000, calendarClosesAt: base + 10_000, closedAt: base + 21_000, count: 3 })
    expect(await readSeasonRow(sql, SEASON)).toMatchObject({ opensAt: base, closedAt: null })
  })

  it('follows a round, and tells each change once to those who listen', async () => {
    const after = await lastPosition(sql, SEASON)
    const listHash = 'a'.repeat(64)
    const decided = { listHash, run: 1, hash: 'b'.repeat(64) }
    const freeze = { at: '2022-06-13T01:00:00.000Z', hash: decided.hash, draw: 'd', run: 1, groups: [] }
    await take(event('cn.ruxue.allocation.round-frozen.v1', { season: SEASON, phase: 'zoning', units: 2, children: 3, ...decided, freeze }))
    expect((await readRounds(sql, SEASON))[0]).toMatchObject({ phase: 'zoning', units: 2, children: 3, run: 1, step: 'freeze', publishedAt: null })
    const of = { season: SEASON, phase: 'zoning', run: 1 }
    await take(event('cn.ruxue.allocation.round-checked.v1', { ...of, hash: 'd'.repeat(64), held: ['nanguan'] }))
    await take(event('cn.ruxue.allocation.round-revealed.v1', { ...of, hash: 'c'.repeat(64), absent: [], enough: true }))
    expect((await readRounds(sql, SEASON))[0]).toMatchObject({ step: 'check', hash: 'd'.repeat(64), held: ['nanguan'] })
    await take(event('cn.ruxue.allocation.round-voided.v1', { ...of, hash: 'd'.repeat(64), reason: 'a class was left out' }))
    expect((await readRounds(sql, SEASON))[0]).toMatchObject({ run: 1, voidRun: 1, held: null, decidedAt: null })
    await take(event('cn.ruxue.allocation.round-frozen.v1', { ...of, run: 2, units: 2, children: 3, hash: 'e'.repeat(64), listHash, freeze: { ...freeze, run: 2 } }))
    expect((await readRounds(sql, SEASON))[0]).toMatchObject({ run: 2, step: 'freeze', hash: 'e'.repeat(64) })
    await take(event('cn.ruxue.allocation.round-published.v1', { season: SEASON, phase: 'zoning', admitted: 2, notAdmitted: 1, ...decided }))
    await take(event('cn.ruxue.allocation.round-published.v1', { season: SEASON, phase: 'zoning', admitted: 2, notAdmitted: 1, ...decided }))
    expect((await readChanges(sql, SEASON, after)).map(({ body }) => body)).toMatchObject([
      { kind: 'round', phase: 'zoning', state: 'frozen' },
      { kind: 'round', phase: 'zoning', state: 'void' },
      { kind: 'round', phase: 'zoning', state: 'frozen' },
      { kind: 'round', phase: 'zoning', state: 'published' },
    ])
  })

  it('counts a message that was sent after a failure as sent', async () => {
    const child = newChild()
    const message = { season: SEASON, child, id: 'm1', channel: 'email' as const, paper: 'P1' }
    await take(event('cn.ruxue.notification.message-failed.v1', { ...message, attempts: 1, failedAt: '2022-06-01T00:00:00Z', cause: 'refused' }))
    await take(event('cn.ruxue.notification.message-sent.v1', { ...message, attempts: 2, sentAt: '2022-06-01T00:01:00Z' }))
    expect((await readFigures(sql, SEASON)).messages).toEqual({ sent: 1, failed: 0 })
  })

  it('pages through children without losing or repeating one', async () => {
    const first = await readChildren(sql, SEASON, { limit: 3 })
    expect(first).toHaveLength(3)
    const rest = await readChildren(sql, SEASON, { limit: 100, after: first.at(-1)!.child })
    const all = await readChildren(sql, SEASON, { limit: 100 })
    expect([...first, ...rest]).toEqual(all)
  })

  it('has the tables that its schema describes', async () => {
    expect(await schemaDiff(new URL('../store/schema.prisma', import.meta.url).pathname, url)).toBe('')
  })
})
