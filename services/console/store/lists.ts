import type { ArrangementCase, EndState, EnrollmentStatus } from '../../../contracts/enrollment.js'
import { asMs, type Sql } from '../../../platform/postgres/index.js'

export interface ChildRow {
  child: string
  district: string | null
  number: string | null
  status: EnrollmentStatus
  arrangement: ArrangementCase | null
  end: EndState | null
  updatedAt: number
}

export interface ChildFilter {
  status?: string | undefined
  district?: string | undefined
  phase?: string | undefined
  outcome?: string | undefined
  /** Beginning of a registration number or child id. */
  text?: string | undefined
  limit: number
  /** The last child of the page before. */
  after?: string | undefined
}

const CHILD_COLUMNS = `child.child, child.district, child.number, child.status, child.arrangement, child.end_state AS "end", ${asMs('child.updated_at')} AS "updatedAt"`

/** Collects the conditions of a statement and their parameters. */
class Where {
  private readonly conditions: string[] = []
  readonly values: unknown[] = []

  /** @param condition with `?1`, `?2` … for the parameters */
  and(condition: string, ...values: unknown[]): void {
    const before = this.values.length
    this.values.push(...values)
    this.conditions.push(condition.replace(/\?(\d)/g, (_whole, place: string) => `$${before + Number(place)}`))
  }

  get sql(): string {
    return this.conditions.join(' AND ')
  }
}

/** A page of children in the order of their ids. */
export async function readChildren(sql: Sql, season: string, filter: ChildFilter): Promise<ChildRow[]> {
  const where = new Where()
  where.and('child.season = ?1', season)
  if (filter.status !== undefined) where.and('child.status = ?1', filter.status)
  if (filter.district !== undefined) where.and('child.district = ?1', filter.district)
  if (filter.after !== undefined) where.and('child.child > ?1', filter.after)
  if (filter.text !== undefined) {
    where.and('(starts_with(child.number, ?1) OR starts_with(child.child, ?1))', filter.text)
  }
  if (filter.phase !== undefined) {
    where.and(
      `EXISTS (SELECT 1 FROM child_outcome AS stated WHERE stated.season = child.season AND stated.child = child.child
        AND stated.phase = ?1 AND (?2 = '' OR stated.outcome = ?2))`,
      filter.phase,
      filter.outcome ?? '',
    )
  }
  where.values.push(filter.limit)
  return sql.$queryRawUnsafe<ChildRow[]>(
    `SELECT ${CHILD_COLUMNS} FROM child WHERE ${where.sql} ORDER BY child.child LIMIT $${where.values.length}::int`,
    ...where.values,
  )
}

export const readChild = async (sql: Sql, season: string, child: string): Promise<ChildRow | undefined> =>
  (await sql.$queryRawUnsafe<ChildRow[]>(`SELECT ${CHILD_COLUMNS} FROM child WHERE season = $1 AND child = $2`, season, child))[0]

export interface CaseRow {
  child: string
  district: string | null
  phase: string
  cause: ArrangementCase['cause']
  openedAt: number
  closedAt: number | null
  closedAs: EnrollmentStatus | null
}

export interface CaseFilter {
  state: 'open' | 'closed'
  district?: string | undefined
  phase?: string | undefined
  limit: number
  /** Opening (ISO 8601) and child of the last case of the page before. */
  after?: [string, string] | undefined
}

/** A page of cases, the oldest first. */
export async function readCases(sql: Sql, season: string, filter: CaseFilter): Promise<CaseRow[]> {
  const where = new Where()
  where.and('desk.season = ?1', season)
  where.and('(desk.closed_at IS NULL) = ?1::boolean', filter.state === 'open')
  const district = 'coalesce(child.district, desk.district)'
  if (filter.district !== undefined) where.and(`${district} = ?1`, filter.district)
  if (filter.phase !== undefined) where.and('desk.phase = ?1', filter.phase)
  if (filter.after) where.and('(desk.opened_at, desk.child) > (?1::timestamptz, ?2)', ...filter.after)
  where.values.push(filter.limit)
  return sql.$queryRawUnsafe<CaseRow[]>(
    `SELECT desk.child, ${district} AS district, desk.phase, desk.cause, ${asMs('desk.opened_at')} AS "openedAt",
       ${asMs('desk.closed_at')} AS "closedAt", desk.closed_as AS "closedAs"
     FROM arrangement_case AS desk LEFT JOIN child ON child.season = desk.season AND child.child = desk.child
     WHERE ${where.sql} ORDER BY desk.opened_at, desk.child LIMIT $${where.values.length}::int`,
    ...where.values,
  )
}
