import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { ChildFact } from '../../../contracts/facts.js'
import type { Clock } from '../../../platform/clock.js'
import type { Reading } from '../../../platform/facts/index.js'
import type { Timelines } from '../../../platform/windows/index.js'
import { papersOfEnd, papersOfPlace, type DuePaper } from '../domain/news.js'
import { storeDeadline, storeSchoolName } from '../store/copies.js'
import type { Database, Tx } from '../store/database.js'
import { issuePapers } from './issue.js'

const LISTED = 'cn.ruxue.registration.child-listed.v1'
const WITHDRAWN = 'cn.ruxue.registration.child-withdrawn.v1'
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const EXTENDED = 'cn.ruxue.season.phase-extended.v1'
const PLACED = ['cn.ruxue.allocation.place-decided.v1', 'cn.ruxue.allocation.child-arranged.v1'] as const
const ENDED = ['cn.ruxue.enrollment.status-changed.v1', 'cn.ruxue.enrollment.arrangement-closed.v1', 'cn.ruxue.enrollment.ended.v1'] as const

interface Parts {
  database: Database
  timelines: Timelines
  clock: Clock
}

/**
 * What notification reads of the others: whose child it is, who left, names of schools, extended deadlines; and what
 * it tells families of: results, a desk's ways, ends without a seat.
 */
export const readingOfOthers = ({ database, timelines, clock }: Parts): Reading<Tx> => ({
  database,
  facts: [LISTED, WITHDRAWN],
  others: {
    [SCHOOL]: (tx: Tx, { season, data }: Event) => storeSchoolName(tx, season, data as EventData<typeof SCHOOL>),
    [EXTENDED]: (tx: Tx, { season, data }: Event) => {
      const { phase, closesAt } = data as EventData<typeof EXTENDED>
      return storeDeadline(tx, season, phase, closesAt)
    },
  },
  together: {
    types: [...PLACED, ...ENDED],
    take: async (tx, events) => {
      for (const season of new Set(events.map((event) => event.season))) {
        const due = await duePapers(timelines, events.filter((event) => event.season === season))
        await issuePapers(tx, season, due, clock.now())
      }
    },
  },
})

async function duePapers(timelines: Timelines, events: readonly Event[]): Promise<DuePaper[]> {
  const due = events.map(async ({ type, season, data }) =>
    ((PLACED as readonly string[]).includes(type) ? papersOfPlace(await timelines.of(season), data as ChildFact) : papersOfEnd(data as EnrollmentEvent)))
  return (await Promise.all(due)).flat()
}
