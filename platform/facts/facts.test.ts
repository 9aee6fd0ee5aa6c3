import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../contracts/facts.js'
import { testStack } from '../../tests/support/stack.js'
import { answerOnce } from '../idempotency.js'
import { consumeOnce } from '../inbox.js'
import { pgSql, type Sql } from '../postgres/sql.js'
import { inPoolTransaction } from '../postgres/transaction.js'
import { createTestDatabase, type TestDatabase } from '../testing/database.js'
import { childId } from '../testing/timeline.js'
import { childrenWith, factOf, factsOf, factsOfMany } from './read.js'
import { storeFacts } from './store.js'

let database: TestDatabase
let sql: Sql
beforeAll(async () => {
  database = await createTestDatabase((await testStack()).postgresUrl)
  sql = pgSql(database.pool)
})
afterAll(() => database.drop())

const fact = (child: string, revision: number, more: Partial<ChildFact> = {}): ChildFact => ({
  season: 's', child, aggregate: 'registration', id: 'information', revision, ...more,
})

describe('facts', () => {
  it('are replaced only by a higher revision, and what changed is told', async () => {
    const child = childId()
    expect(await storeFacts(sql, [fact(child, 2, { number: 'two' })])).toHaveLength(1)
    expect(await storeFacts(sql, [fact(child, 1, { number: 'one' })])).toEqual([])
    expect(await storeFacts(sql, [fact(child, 2, { number: 'other' })])).toEqual([])
    expect(await storeFacts(sql, [fact(child, 3, { number: 'three' })])).toHaveLength(1)
    expect(await factsOf(sql, 's', child)).toEqual([fact(child, 3, { number: 'three' })])
  })

  it('of one aggregate in one batch count by their highest revision', async () => {
    const child = childId()
    expect(await storeFacts(sql, [fact(child, 1), fact(child, 3), fact(child, 2)])).toEqual([fact(child, 3)])
  })

  it('of different aggregates stand side by side and are found by child, by many children and by outcome', async () => {
    const [a, b, c] = [childId(), childId(), childId()]
    await storeFacts(sql, [
      fact(a, 1, { outcomes: { found: 'filed' } }),
      fact(a, 1, { aggregate: 'case', id: 'review', outcomes: { review: 'refused' } }),
      fact(b, 1, { outcomes: { found: 'filed' } }),
    ])
    expect((await factsOf(sql, 's', a)).map(({ aggregate }) => aggregate).sort()).toEqual(['case', 'registration'])
    const many = await factsOfMany(sql, 's', [a, b, c])
    expect([a, b, c].map((child) => many.get(child)?.length)).toEqual([2, 1, 0])
    expect(await childrenWith(sql, 's', 'found', 'filed')).toEqual([a, b].sort())
    expect(await factOf(sql, 's', a, 'case', 'review')).toMatchObject({ outcomes: { review: 'refused' } })
    expect(await factsOf(sql, 'another', a)).toEqual([])
  })

  it('in two batches with the same children at once do not deadlock', async () => {
    const children = Array.from({ length: 200 }, childId)
    const batch = (revision: number, order: string[]) =>
      inPoolTransaction(database.pool, (tx) => storeFacts(tx, order.map((child) => fact(child, revision))))
    await Promise.all([1, 2, 3, 4].map((revision) => batch(revision, revision % 2 ? children : [...children].reverse())))
    const stored = await factsOfMany(sql, 's', children)
    expect(new Set([...stored.values()].flat().map(({ revision }) => revision))).toEqual(new Set([4]))
  })
})

describe('an event', () => {
  it('is consumed once, also when two consumers have it at the same time', async () => {
    expect(await consumeOnce(sql, ['e1', 'e2', 'e1'])).toEqual(new Set(['e1', 'e2']))
    expect(await consumeOnce(sql, ['e2', 'e3'])).toEqual(new Set(['e3']))
    const both = await Promise.all([1, 2].map(() => inPoolTransaction(database.pool, (tx) => consumeOnce(tx, ['e9', 'e8']))))
    expect(both.map((fresh) => fresh.size).sort()).toEqual([0, 2])
  })

  it('whose effect failed is consumed again', async () => {
    const failing = inPoolTransaction(database.pool, async (tx) => {
      await consumeOnce(tx, ['e-failed'])
      throw new Error('no effect')
    })
    await expect(failing).rejects.toThrow('no effect')
    expect(await consumeOnce(sql, ['e-failed'])).toEqual(new Set(['e-failed']))
  })
})

describe('a command', () => {
  it('is carried out once for its key; a simultaneous one waits and gets the same answer', async () => {
    let made = 0
    const command = () => inPoolTransaction(database.pool, (tx) => answerOnce(tx, 'child/arrange/1', async () => ({ made: (made += 1) })))
    expect(await Promise.all([command(), command(), command()])).toEqual([{ made: 1 }, { made: 1 }, { made: 1 }])
    expect(await command()).toEqual({ made: 1 })
  })

  it('that was refused leaves nothing behind and may succeed later', async () => {
    const command = (work: () => Promise<string>) => inPoolTransaction(database.pool, (tx) => answerOnce(tx, 'child/arrange/2', work))
    await expect(command(async () => { throw new Error('school full') })).rejects.toThrow('school full')
    expect(await command(async () => 'placed')).toBe('placed')
  })
})
