import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { Reading } from '../../../platform/facts/index.js'
import type { Database, Tx } from '../store/database.js'
import { storeSchool, storeZone } from '../store/places.js'

const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const ZONE = 'cn.ruxue.allocation.zone-drawn.v1'

/** What verification reads of the others: facts about children, and which schools and zones there are. */
export const readingOfOthers = (database: Database): Reading<Tx> => ({
  database,
  others: {
    [SCHOOL]: (tx: Tx, { season, data }: Event) => storeSchool(tx, season, data as EventData<typeof SCHOOL>),
    [ZONE]: (tx: Tx, { season, data }: Event) => storeZone(tx, season, data as EventData<typeof ZONE>),
  },
})
