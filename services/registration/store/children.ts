import { randomInt } from 'node:crypto'
import { problem } from '../../../platform/problem.js'
import type { Sql } from '../../../platform/postgres/index.js'
import type { Entry } from '../domain/rosterRow.js'
import { newRegistrationNumber } from '../domain/registrationNumber.js'
import type { Database, Tx } from './database.js'

/** What deciding about a child needs of its row. */
export interface ChildRow {
  id: string
  guardian: string
  district: string
  /** `YYYY-MM-DD` */
  birthday: string
  number: string | null
}

const COLUMNS = 'id, guardian, district, birthday::text AS birthday, number'

/** @throws Problem `unknown-child` */
export async function readChild(sql: Sql, season: string, child: string): Promise<ChildRow> {
  const [row] = await sql.$queryRawUnsafe<ChildRow[]>(`SELECT ${COLUMNS} FROM child WHERE season = $1 AND id = $2`, season, child)
  if (!row) throw unknownChild(season, child)
  return row
}

/**
 * Locks children until the transaction ends, always in the order of their ids, so that two requests about the
 * same twins wait for each other.
 * @throws Problem `unknown-child`
 */
export async function lockChildren(sql: Sql, season: string, children: readonly string[]): Promise<Map<string, ChildRow>> {
  const rows = await sql.$queryRawUnsafe<ChildRow[]>(
    `SELECT ${COLUMNS} FROM child WHERE season = $1 AND id = ANY ($2::text[]) ORDER BY id FOR UPDATE`,
    season,
    children,
  )
  const locked = new Map(rows.map((row) => [row.id, row]))
  const missing = children.find((child) => !locked.has(child))
  if (missing !== undefined) throw unknownChild(season, missing)
  return locked
}

const unknownChild = (season: string, child: string) => problem('unknown-child', `There is no child ${child} in season ${season}`)

/** The child's registration number, given now if it has none. The caller holds the child's lock. */
export async function ensureNumber(sql: Sql, season: string, child: ChildRow): Promise<string> {
  if (child.number !== null) return child.number
  for (;;) {
    const number = newRegistrationNumber(randomInt)
    const given = await sql.$executeRawUnsafe(
      `UPDATE child SET number = $3 WHERE season = $1 AND id = $2
       AND NOT EXISTS (SELECT 1 FROM child AS other WHERE other.season = $1 AND other.number = $3)`,
      season,
      child.id,
      number,
    )
    if (given === 1) return number
  }
}

export interface Entered extends Entry {
  season: string
  id: string
  guardian: string
  source: 'guardian' | 'district'
}

/** Adds a child that no roster brought. @returns false if the child is there already */
export async function insertChild(tx: Tx, entered: Entered): Promise<boolean> {
  const { birthday, household, facts, ...rest } = entered
  const data = { ...rest, birthday: new Date(`${birthday}T00:00:00Z`), facts, ...(household && { household }) }
  const { count } = await tx.child.createMany({ data: [data], skipDuplicates: true })
  return count === 1
}

/** Whether the child that is there already is the very same entry, sent again. */
export async function isSameEntry(tx: Tx, { season, id, source, name, guardian, phone, email, district }: Entered): Promise<boolean> {
  const same = await tx.child.count({ where: { season, id, source, name, guardian, phone, email, district } })
  return same === 1
}

/** The children whose guardian this is, by name. */
export async function childrenOfGuardian({ prisma }: Database, season: string, guardian: string) {
  const rows = await prisma.child.findMany({
    where: { season, guardian },
    select: { id: true, name: true, district: true, number: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, name, district, number }) => ({ child: id, name, district, ...(number !== null && { number }) }))
}
