import type { Sql } from '../../../platform/postgres/index.js'
import { foldStreet, type Address } from '../domain/address.js'
import type { Catalogue, NamedPlace, Zone } from '../domain/zones.js'

/** The zones with a rule about one of the addresses' streets; few, whatever the size of the city. */
export const zonesAbout = (sql: Sql, season: string, addresses: readonly Address[]): PromiseLike<Zone[]> =>
  sql.$queryRawUnsafe<Zone[]>(
    'SELECT id, district, schools, addresses FROM zone WHERE season = $1 AND streets && $2::text[]',
    season,
    addresses.map(({ street }) => foldStreet(street)),
  )

/** The named places with a rule about one of the addresses' streets. */
export const placesAbout = (sql: Sql, season: string, addresses: readonly Address[]): PromiseLike<NamedPlace[]> =>
  sql.$queryRawUnsafe<NamedPlace[]>(
    'SELECT id, addresses FROM named_place WHERE season = $1 AND streets && $2::text[]',
    season,
    addresses.map(({ street }) => foldStreet(street)),
  )

/** Stores a named place as allocation published it last. */
export async function writePlace(sql: Sql, season: string, { id, addresses }: NamedPlace): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO named_place (season, id, addresses, streets) VALUES ($1, $2, $3::jsonb, $4::text[])
     ON CONFLICT (season, id) DO UPDATE SET addresses = excluded.addresses, streets = excluded.streets`,
    season,
    id,
    JSON.stringify(addresses),
    streetsOf(addresses),
  )
}

/** Stores a zone as allocation published it last. */
export async function writeZone(sql: Sql, season: string, zone: Zone): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO zone (season, id, district, schools, addresses, streets)
     VALUES ($1, $2, $3, $4::text[], $5::jsonb, $6::text[])
     ON CONFLICT (season, id) DO UPDATE SET district = excluded.district, schools = excluded.schools,
       addresses = excluded.addresses, streets = excluded.streets`,
    season,
    zone.id,
    zone.district,
    zone.schools,
    JSON.stringify(zone.addresses),
    streetsOf(zone.addresses),
  )
}

const streetsOf = (addresses: Zone['addresses']): string[] => [...new Set(addresses.map(({ street }) => foldStreet(street)))]

export async function writeDistrict(sql: Sql, season: string, district: string): Promise<void> {
  await sql.$executeRawUnsafe('INSERT INTO district (season, id) VALUES ($1, $2) ON CONFLICT DO NOTHING', season, district)
}

export async function writeSchool(sql: Sql, season: string, school: string): Promise<void> {
  await sql.$executeRawUnsafe('INSERT INTO school (season, id) VALUES ($1, $2) ON CONFLICT DO NOTHING', season, school)
}

/** Stores how much the catalogue holds. */
export async function writeCatalogueSize(sql: Sql, season: string, size: { schools: number; zones: number; places?: number | undefined }): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO catalogue (season, schools, zones, places) VALUES ($1, $2, $3, $4)
     ON CONFLICT (season) DO UPDATE SET schools = excluded.schools, zones = excluded.zones, places = excluded.places`,
    season, size.schools, size.zones, size.places ?? 0,
  )
}

/** Whether everything that allocation has set is here. */
export async function isCatalogueComplete(sql: Sql, season: string): Promise<boolean> {
  const rows = await sql.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM catalogue c WHERE season = $1
       AND (SELECT count(*) FROM school s WHERE s.season = c.season) >= c.schools
       AND (SELECT count(*) FROM zone z WHERE z.season = c.season) >= c.zones
       AND (SELECT count(*) FROM named_place p WHERE p.season = c.season) >= c.places`,
    season,
  )
  return rows.length > 0
}

/** What allocation published of the season; empty until it did. */
export async function catalogueOf(sql: Sql, season: string): Promise<Catalogue> {
  const idsIn = async (table: 'district' | 'school') => {
    const rows = await sql.$queryRawUnsafe<{ id: string }[]>(`SELECT id FROM ${table} WHERE season = $1`, season)
    return new Set(rows.map(({ id }) => id))
  }
  return { districts: await idsIn('district'), schools: await idsIn('school') }
}
