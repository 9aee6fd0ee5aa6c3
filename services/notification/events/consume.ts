import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { Reading } from '../../../platform/facts/index.js'
import { storeDeadline, storeSchoolName } from '../store/copies.js'
import type { Database, Tx } from '../store/database.js'

const LISTED = 'cn.ruxue.registration.child-listed.v1'
const WITHDRAWN = 'cn.ruxue.registration.child-withdrawn.v1'
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const EXTENDED = 'cn.ruxue.season.phase-extended.v1'

/** What notification reads of the others: whose child it is, who left, names of schools, extended deadlines. */
export const readingOfOthers = (database: Database): Reading<Tx> => ({
  database,
  facts: [LISTED, WITHDRAWN],
  others: {
    [SCHOOL]: (tx: Tx, { season, data }: Event) => storeSchoolName(tx, season, data as EventData<typeof SCHOOL>),
    [EXTENDED]: (tx: Tx, { season, data }: Event) => {
      const { phase, closesAt } = data as EventData<typeof EXTENDED>
      return storeDeadline(tx, season, phase, closesAt)
    },
  },
})
