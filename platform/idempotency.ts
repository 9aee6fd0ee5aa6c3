import type { Sql } from './postgres/sql.js'

/**
 * Answers a command once: the first call makes the answer and stores it in its transaction, later ones get the
 * stored one; a simultaneous one waits. A refusal is thrown, rolls back and is not stored.
 * @param key `child/command/aggregateRevision`
 * @param make its result must survive JSON
 */
export async function answerOnce<A>(sql: Sql, key: string, make: () => Promise<A>): Promise<A> {
  const fresh = await sql.$executeRawUnsafe(
    'INSERT INTO platform.idempotency_key (key) VALUES ($1) ON CONFLICT DO NOTHING',
    key,
  )
  if (fresh === 0) {
    const [row] = await sql.$queryRawUnsafe<{ answer: A }[]>(
      'SELECT answer FROM platform.idempotency_key WHERE key = $1',
      key,
    )
    if (!row) throw new Error(`The answer of ${key} has disappeared`)
    return row.answer
  }
  const answer = await make()
  await sql.$executeRawUnsafe(
    'UPDATE platform.idempotency_key SET answer = $2::jsonb WHERE key = $1',
    key,
    JSON.stringify(answer ?? null),
  )
  return answer
}
