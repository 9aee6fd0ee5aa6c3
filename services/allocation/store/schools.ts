import type { FactValue } from '../../../contracts/facts.js'
import type { DistrictId, SchoolId, SeasonId, ZoneId } from '../../../contracts/ids.js'
import type { Location } from '../../../contracts/residual.js'
import type { Tx } from './database.js'

export interface SchoolRow {
  id: SchoolId
  name: string
  district: DistrictId
  facts: Record<string, FactValue>
}

export const schoolsOf = (tx: Tx, season: SeasonId): PromiseLike<SchoolRow[]> =>
  tx.$queryRawUnsafe<SchoolRow[]>('SELECT id, name, district, facts FROM school WHERE season = $1 ORDER BY id COLLATE "C"', season)

export async function schoolOf(tx: Tx, season: SeasonId, school: SchoolId): Promise<SchoolRow | undefined> {
  const [row] = await tx.$queryRawUnsafe<SchoolRow[]>('SELECT id, name, district, facts FROM school WHERE season = $1 AND id = $2', season, school)
  return row
}

/** Each zone with its schools in the catalogue's order, and where it is. */
export async function zonesOf(tx: Tx, season: SeasonId): Promise<Map<ZoneId, { schools: SchoolId[]; location: Location | undefined }>> {
  const rows = await tx.$queryRawUnsafe<{ id: ZoneId; schools: SchoolId[]; location: Location | null }[]>('SELECT id, schools, location FROM zone WHERE season = $1', season)
  return new Map(rows.map(({ id, schools, location }) => [id, { schools, location: location ?? undefined }]))
}

/** Where the schools are, those of which the catalogue says so. */
export async function schoolLocations(tx: Tx, season: SeasonId): Promise<Map<SchoolId, Location>> {
  const rows = await tx.$queryRawUnsafe<{ id: SchoolId; location: Location }[]>('SELECT id, location FROM school WHERE season = $1 AND location IS NOT NULL', season)
  return new Map(rows.map(({ id, location }) => [id, location]))
}

/** How the seats of a school stand, as far as they are public: what a round not yet published gave counts as free. */
export interface SeatCount {
  school: SchoolId
  plan: number
  held: number
  taken: number
  free: number
}

export const countSeats = (tx: Tx, season: SeasonId, schools: readonly SchoolId[]): PromiseLike<SeatCount[]> =>
  tx.$queryRawUnsafe<SeatCount[]>(
    `SELECT school, count(*) FILTER (WHERE overflow IS NULL)::int AS plan,
       count(*) FILTER (WHERE visible AND NOT taken)::int AS held, count(*) FILTER (WHERE taken)::int AS taken,
       count(*) FILTER (WHERE NOT visible AND overflow IS NULL)::int AS free
     FROM seat WHERE season = $1 AND school = ANY ($2::text[]) GROUP BY school ORDER BY school COLLATE "C"`,
    season,
    schools,
  )

/** A page of the schools after `after`, by id. */
export const pageOfSchools = (
  tx: Tx,
  season: SeasonId,
  page: { district?: string | undefined; after: string; limit: number },
): PromiseLike<SchoolRow[]> =>
  tx.$queryRawUnsafe<SchoolRow[]>(
    `SELECT id, name, district, facts FROM school
     WHERE season = $1 AND ($2 = '' OR district = $2) AND id COLLATE "C" > $3 ORDER BY id COLLATE "C" LIMIT $4`,
    season,
    page.district ?? '',
    page.after,
    page.limit,
  )

/** A page of the published seats of a school, after `child/basis`, in that order. */
export const pageOfSeats = (
  tx: Tx,
  season: SeasonId,
  school: SchoolId,
  page: { after: string; limit: number },
): PromiseLike<{ child: string; basis: string; taken: boolean }[]> =>
  tx.$queryRawUnsafe<{ child: string; basis: string; taken: boolean }[]>(
    `SELECT child, basis, taken FROM seat
     WHERE season = $1 AND school = $2 AND visible AND (child || '/' || basis) COLLATE "C" > $3
     ORDER BY (child || '/' || basis) COLLATE "C" LIMIT $4`,
    season,
    school,
    page.after,
    page.limit,
  )
