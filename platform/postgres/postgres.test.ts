import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStack } from '../../tests/support/stack.js'
import { createTestDatabase, testClient, type TestDatabase } from '../testing/database.js'
import { copyRows } from './copy.js'
import { isConflict, isTransient, isUniqueViolation, isUnreachable, sqlStateOf } from './errors.js'
import { createPool, databaseUrl } from './pool.js'
import { inPoolTransaction, inTransaction } from './transaction.js'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase((await testStack()).postgresUrl)
  await database.pool.query('CREATE TABLE thing (id TEXT PRIMARY KEY, n INT)')
})
afterAll(() => database.drop())

const errorOf = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error)
const raising = (state: string) => database.pool.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING errcode = '${state}'; END $$`)

describe('a failure', () => {
  it.each([
    ['40001', { conflict: true, transient: true }],
    ['40P01', { conflict: true, transient: true }],
    ['57014', { conflict: false, transient: true }],
    ['57P01', { conflict: false, transient: true }],
    ['23514', { conflict: false, transient: false }],
  ])('%s is told apart', async (state, kind) => {
    const error = await errorOf(raising(state))
    expect(sqlStateOf(error)).toBe(state)
    expect({ conflict: isConflict(error), transient: isTransient(error) }).toEqual(kind)
  })

  it('in Prisma’s wrapping is the same failure', () => {
    const wrapped = (originalCode: string, kind: string) => ({ code: 'P2010', meta: { driverAdapterError: { cause: { originalCode, kind } } } })
    expect(sqlStateOf(wrapped('23505', 'UniqueConstraintViolation'))).toBe('23505')
    expect(isUniqueViolation(wrapped('23505', 'UniqueConstraintViolation'))).toBe(true)
    expect(isConflict(wrapped('40P01', 'TransactionWriteConflict'))).toBe(true)
    expect(isUnreachable({ code: 'P2010', meta: { driverAdapterError: { cause: { kind: 'DatabaseNotReachable' } } } })).toBe(true)
    expect(isTransient({ code: 'P2003' })).toBe(false)
  })

  it('to reach the server is told apart from a refusal of the row', async () => {
    const nobody = createPool('postgresql://x@127.0.0.1:1/x', { applicationName: 'test', statementTimeoutMs: 100 })
    expect(isUnreachable(await errorOf(nobody.query('SELECT 1')))).toBe(true)
    await nobody.end()
    await database.pool.query(`INSERT INTO thing VALUES ('twice')`)
    const twice = await errorOf(database.pool.query(`INSERT INTO thing VALUES ('twice')`))
    expect([isUniqueViolation(twice), isUnreachable(twice)]).toEqual([true, false])
  })
})

describe('a transaction', () => {
  it('that met a deadlock is run again until it goes through', async () => {
    await database.pool.query(`INSERT INTO thing VALUES ('a', 0), ('b', 0)`)
    const crossing = (first: string, second: string) => inPoolTransaction(database.pool, async (sql) => {
      await sql.$executeRawUnsafe('UPDATE thing SET n = n + 1 WHERE id = $1', first)
      await sql.$executeRawUnsafe('SELECT pg_sleep(0.05)')
      await sql.$executeRawUnsafe('UPDATE thing SET n = n + 1 WHERE id = $1', second)
    })
    await Promise.all([crossing('a', 'b'), crossing('b', 'a')])
    const { rows } = await database.pool.query<{ n: number }>(`SELECT n FROM thing WHERE id IN ('a', 'b')`)
    expect(rows).toEqual([{ n: 2 }, { n: 2 }])
  })

  it('of a request that timed out commits nothing', async () => {
    const request = new AbortController()
    const work = inTransaction(testClient(database.pool), async (tx) => {
      await tx.$executeRawUnsafe(`INSERT INTO thing VALUES ('late')`)
      request.abort(new Error('timed out'))
    }, { signal: request.signal })
    await expect(work).rejects.toThrow('timed out')
    expect((await database.pool.query(`SELECT FROM thing WHERE id = 'late'`)).rowCount).toBe(0)
  })

  it('whose connection is cut fails, and the pool goes on with another', async () => {
    const cut = inPoolTransaction(database.pool, async (sql) => {
      const [own] = await sql.$queryRawUnsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid')
      await database.pool.query('SELECT pg_terminate_backend($1)', [own?.pid])
      await sql.$queryRawUnsafe('SELECT 1')
    })
    expect(isTransient(await errorOf(cut))).toBe(true)
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })
})

describe('COPY', () => {
  it('writes rows as they are, whatever characters they hold', async () => {
    const rows = [['tab\there', 1], ['line\nbreak\r', 2], ['back\\slash \\N', 3], ['quote"\'', null], ['统筹', 5]] as const
    const client = await database.pool.connect()
    expect(await copyRows(client, 'thing (id, n)', rows)).toBe(5)
    client.release()
    const { rows: stored } = await database.pool.query<{ id: string; n: number | null }>('SELECT id, n FROM thing WHERE id = ANY ($1) ', [rows.map(([id]) => id)])
    expect(new Map(stored.map(({ id, n }) => [id, n]))).toEqual(new Map(rows))
  })

  it('leaves the connection usable when its source fails', async () => {
    const client = await database.pool.connect()
    async function* failing() {
      yield ['copied', 1] as const
      throw new Error('the file ends here')
    }
    await expect(copyRows(client, 'thing (id, n)', failing())).rejects.toThrow('the file ends here')
    expect((await client.query(`SELECT FROM thing WHERE id = 'copied'`)).rowCount).toBe(0)
    client.release()
  })
})

it('a service’s database is named by prefix and service', () => {
  const config = { postgresUrl: 'postgresql://u:p@db:5432/postgres?sslmode=disable', databasePrefix: 'ruxue_' }
  expect(databaseUrl(config, 'student-status')).toBe('postgresql://u:p@db:5432/ruxue_student_status?sslmode=disable')
})
