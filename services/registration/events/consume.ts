import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { Reading } from '../../../platform/facts/index.js'
import type { Database, Tx } from '../store/database.js'
import { writeCatalogueSize, writeDistrict, writePlace, writeSchool, writeZone } from '../store/zones.js'

const CATALOGUE = 'cn.ruxue.allocation.catalogue-set.v1'
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const ZONE = 'cn.ruxue.allocation.zone-drawn.v1'
const PLACE = 'cn.ruxue.allocation.place-mapped.v1'

/** What registration reads of the others: what bars or sends a child elsewhere, and the catalogue. */
export const readingOfOthers = ({ prisma }: Database): Reading<Tx> => ({
  database: prisma,
  others: { [CATALOGUE]: takeCatalogue, [SCHOOL]: takeSchool, [ZONE]: takeZone, [PLACE]: takePlace },
})

const takeCatalogue = (tx: Tx, { season, data }: Event) => writeCatalogueSize(tx, season, data as EventData<typeof CATALOGUE>)

async function takeSchool(tx: Tx, { season, data }: Event): Promise<void> {
  const school = data as EventData<typeof SCHOOL>
  await writeDistrict(tx, season, school.district)
  await writeSchool(tx, season, school.id)
}

const takePlace = (tx: Tx, { season, data }: Event) => writePlace(tx, season, data as EventData<typeof PLACE>)

async function takeZone(tx: Tx, { season, data }: Event): Promise<void> {
  const zone = data as EventData<typeof ZONE>
  await writeDistrict(tx, season, zone.district)
  await writeZone(tx, season, zone)
}
