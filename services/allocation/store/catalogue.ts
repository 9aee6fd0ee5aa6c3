import type { SeasonId } from '../../../contracts/ids.js'
import type { Catalogue, CatalogueChanges } from '../domain/catalogue.js'
import type { Tx } from './database.js'

type School = Catalogue['schools'][number]
type Zone = Catalogue['zones'][number]
type Place = Catalogue['places'][number]

/**
 * Keeps the catalogue as it is until the transaction ends: freezes share it, a writer has it alone. A table's lock,
 * for it takes no snapshot: as the first statement of a repeatable read it comes before what is read.
 */
export async function lockCatalogue(tx: Tx, mode: 'SHARE' | 'SHARE ROW EXCLUSIVE'): Promise<void> {
  await tx.$executeRawUnsafe(`LOCK TABLE school, zone IN ${mode} MODE`)
}

/** The catalogue as it stands; empty lists if there is none. */
export async function readCatalogue(tx: Tx, season: SeasonId): Promise<Catalogue> {
  const districts = await tx.$queryRawUnsafe<Catalogue['districts']>('SELECT id, name FROM district WHERE season = $1 ORDER BY id COLLATE "C"', season)
  const schools = await tx.$queryRawUnsafe<Located<School>[]>(
    `SELECT id, name, district, facts, location,
       (SELECT count(*)::int FROM seat WHERE seat.season = school.season AND seat.school = school.id AND overflow IS NULL) AS plan
     FROM school WHERE season = $1 ORDER BY id COLLATE "C"`,
    season,
  )
  const zones = await tx.$queryRawUnsafe<Located<Zone>[]>('SELECT id, district, schools, addresses, location FROM zone WHERE season = $1 ORDER BY id COLLATE "C"', season)
  const places = await tx.$queryRawUnsafe<Place[]>('SELECT id, addresses FROM named_place WHERE season = $1 ORDER BY id COLLATE "C"', season)
  return { districts, schools: schools.map(asEntry), zones: zones.map(asEntry), places }
}

/** A row, where no location is null. */
type Located<T extends School | Zone> = Omit<T, 'location'> & { location: School['location'] | null }

const asEntry = <T extends object>({ location, ...entry }: T & { location: School['location'] | null }) => (location ? { ...entry, location } : entry)

/**
 * Writes the changed entries and drops those that are no longer there. Plans become as many rows.
 * @returns the schools left with more seats than planned, because those are occupied
 */
export async function writeCatalogue(tx: Tx, season: SeasonId, next: Catalogue, changed: Pick<CatalogueChanges, 'schools' | 'zones' | 'places'>): Promise<string[]> {
  await putDistricts(tx, season, next)
  await putSchools(tx, season, changed.schools)
  await putZones(tx, season, next, changed.zones)
  await putPlaces(tx, season, next, changed.places)
  const over = await fitSeats(tx, season, next.schools)
  await tx.$executeRawUnsafe('DELETE FROM school WHERE season = $1 AND id <> ALL ($2::text[])', season, next.schools.map(({ id }) => id))
  return over
}

async function putDistricts(tx: Tx, season: SeasonId, { districts }: Catalogue): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO district (season, id, name) SELECT $1, * FROM unnest($2::text[], $3::text[])
     ON CONFLICT (season, id) DO UPDATE SET name = excluded.name`,
    season,
    districts.map(({ id }) => id),
    districts.map(({ name }) => name),
  )
  await tx.$executeRawUnsafe('DELETE FROM district WHERE season = $1 AND id <> ALL ($2::text[])', season, districts.map(({ id }) => id))
}

async function putSchools(tx: Tx, season: SeasonId, schools: School[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO school (season, id, name, district, facts, location)
     SELECT $1, id, name, district, facts, location
     FROM jsonb_to_recordset($2::jsonb) AS s (id text, name text, district text, facts jsonb, location jsonb)
     ON CONFLICT (season, id) DO UPDATE SET name = excluded.name, district = excluded.district, facts = excluded.facts, location = excluded.location`,
    season,
    JSON.stringify(schools),
  )
}

async function putZones(tx: Tx, season: SeasonId, { zones }: Catalogue, changed: Zone[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO zone (season, id, district, schools, addresses, location)
     SELECT $1, id, district, schools, addresses, location
     FROM jsonb_to_recordset($2::jsonb) AS z (id text, district text, schools text[], addresses jsonb, location jsonb)
     ON CONFLICT (season, id) DO UPDATE
     SET district = excluded.district, schools = excluded.schools, addresses = excluded.addresses, location = excluded.location`,
    season,
    JSON.stringify(changed),
  )
  await tx.$executeRawUnsafe('DELETE FROM zone WHERE season = $1 AND id <> ALL ($2::text[])', season, zones.map(({ id }) => id))
}

async function putPlaces(tx: Tx, season: SeasonId, { places }: Catalogue, changed: Place[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO named_place (season, id, addresses)
     SELECT $1, id, addresses FROM jsonb_to_recordset($2::jsonb) AS p (id text, addresses jsonb)
     ON CONFLICT (season, id) DO UPDATE SET addresses = excluded.addresses`,
    season,
    JSON.stringify(changed),
  )
  await tx.$executeRawUnsafe('DELETE FROM named_place WHERE season = $1 AND id <> ALL ($2::text[])', season, places.map(({ id }) => id))
}

/** Plans by school ($2, $3), and the seats that there are. */
const PLANS = `given AS (SELECT * FROM unnest($2::text[], $3::int[]) AS given (school, plan)),
  there AS (SELECT school, count(*) FILTER (WHERE overflow IS NULL)::int AS planned, max(ordinal) AS last FROM seat WHERE season = $1 GROUP BY school)`

/** Whoever is over plan comes within a larger one first; then seats are added, or free ones go, the last ones first. */
async function fitSeats(tx: Tx, season: SeasonId, schools: School[]): Promise<string[]> {
  const plans = [season, schools.map(({ id }) => id), schools.map((school) => String(school.plan))]
  await tx.$executeRawUnsafe(
    `WITH ${PLANS}, over AS (
       SELECT school, ordinal, row_number() OVER (PARTITION BY school ORDER BY ordinal) AS nth FROM seat WHERE season = $1 AND overflow IS NOT NULL)
     UPDATE seat SET overflow = NULL FROM over JOIN given USING (school) JOIN there USING (school)
     WHERE seat.season = $1 AND seat.school = over.school AND seat.ordinal = over.ordinal AND nth <= plan - planned`,
    ...plans,
  )
  await tx.$executeRawUnsafe(
    `WITH ${PLANS}
     INSERT INTO seat (season, school, ordinal)
     SELECT $1, school, coalesce(last, 0) + n FROM given LEFT JOIN there USING (school), generate_series(1, plan - coalesce(planned, 0)) AS n`,
    ...plans,
  )
  await tx.$executeRawUnsafe(
    `WITH ${PLANS}, free AS (
       SELECT school, ordinal, row_number() OVER (PARTITION BY school ORDER BY ordinal DESC) AS nth FROM seat WHERE season = $1 AND overflow IS NULL AND child IS NULL)
     DELETE FROM seat USING free JOIN there USING (school) LEFT JOIN given USING (school)
     WHERE seat.season = $1 AND seat.school = free.school AND seat.ordinal = free.ordinal AND nth <= planned - coalesce(plan, 0)`,
    ...plans,
  )
  const rows = await tx.$queryRawUnsafe<{ school: string }[]>(
    `WITH ${PLANS} SELECT school FROM there LEFT JOIN given USING (school) WHERE planned > coalesce(plan, 0) ORDER BY 1`,
    ...plans,
  )
  return rows.map((row) => row.school)
}
