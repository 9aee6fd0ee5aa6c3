import type { Place, PlaceKey } from '../domain/place.js'
import type { Database, Tx } from './database.js'

/** Keeps the part of an offered school that matters here. */
export async function storeSchool(tx: Tx, season: string, school: { id: string; district: string }): Promise<void> {
  const { id, district } = school
  await tx.school.upsert({ where: { season_id: { season, id } }, create: { season, id, district }, update: { district } })
}

/** Keeps the part of a drawn zone that matters here. */
export async function storeZone(tx: Tx, season: string, zone: { id: string; district: string; schools: string[] }): Promise<void> {
  const { id, district, schools } = zone
  await tx.zone.upsert({ where: { season_id: { season, id } }, create: { season, id, district, schools }, update: { district, schools } })
}

/**
 * Who reviews a child: of a zone its first school.
 * @returns undefined while word of the zone has not come here yet
 */
export async function findPlace(database: Database | Tx, season: string, key: PlaceKey, childsDistrict: string | undefined): Promise<Place | undefined> {
  if ('zone' in key) {
    const [zone] = await database.$queryRawUnsafe<{ school: string; district: string }[]>(
      'SELECT schools[1] AS school, district FROM zone WHERE season = $1 AND id = $2',
      season,
      key.zone,
    )
    return zone && placeOf(zone.district, zone.school)
  }
  if ('school' in key) {
    const school = await database.school.findUnique({ where: { season_id: { season, id: key.school } } })
    return placeOf(school?.district ?? childsDistrict, key.school)
  }
  return placeOf(key.district)
}

const placeOf = (district: string | undefined, school?: string): Place => ({
  ...(school !== undefined && { school }),
  ...(district !== undefined && { district }),
})
