import type { EnrollmentEvent } from '../../../contracts/enrollment.js'
import type { Event } from '../../../contracts/events/envelope.js'
import type { EventData } from '../../../contracts/events/schemas.js'
import type { ChildFact } from '../../../contracts/facts.js'
import type { Clock } from '../../../platform/clock.js'
import { factsOfMany, type Reading } from '../../../platform/facts/index.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Timelines } from '../../../platform/windows/index.js'
import { papersOfEnd, papersOfPlace, papersOfReview, type DuePaper } from '../domain/news.js'
import { storeDeadline, storeSchoolName } from '../store/copies.js'
import type { Database, Tx } from '../store/database.js'
import { keepResults, type DueResult } from '../store/due.js'
import { issuePapers } from './issue.js'

const LISTED = 'cn.ruxue.registration.child-listed.v1'
const WITHDRAWN = 'cn.ruxue.registration.child-withdrawn.v1'
const SCHOOL = 'cn.ruxue.allocation.school-offered.v1'
const EXTENDED = 'cn.ruxue.season.phase-extended.v1'
const PLACED = ['cn.ruxue.allocation.place-decided.v1', 'cn.ruxue.allocation.place-released.v1', 'cn.ruxue.allocation.child-arranged.v1'] as const
const REVIEWED = 'cn.ruxue.verification.case-reviewed.v1'
const ENDED = ['cn.ruxue.enrollment.status-changed.v1', 'cn.ruxue.enrollment.arrangement-closed.v1', 'cn.ruxue.enrollment.ended.v1'] as const

interface Parts {
  database: Database
  timelines: Timelines
  clock: Clock
}

/**
 * What notification reads of the others: whose child it is, who left, names of schools, extended deadlines; and what
 * it tells families of: results, what they have missed, a desk's ways, ends without a seat.
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
    types: [...PLACED, REVIEWED, ...ENDED],
    take: async (tx, events) => {
      for (const season of new Set(events.map((event) => event.season))) {
        const due = await duePapers(tx, await timelines.of(season), season, events.filter((event) => event.season === season))
        const now = clock.now()
        await issuePapers(tx, season, due.filter(({ dueAt }) => dueAt <= now).map(({ paper }) => paper), now)
        await keepResults(tx, due.filter(({ dueAt }) => dueAt > now))
      }
    },
  },
})

/** What some events of a season make due; all but what a review decided is due at once. */
async function duePapers(tx: Tx, timeline: Timeline, season: string, events: readonly Event[]): Promise<DueResult[]> {
  const isPlaced = ({ type }: Event) => (PLACED as readonly string[]).includes(type)
  // Statuses are many, and what they say needs nothing else.
  const decided = new Set(events.flatMap((event) => (isPlaced(event) || event.type === REVIEWED ? [event.subject] : [])))
  const facts = decided.size > 0 ? await factsOfMany(tx, season, [...decided]) : new Map<string, ChildFact[]>()
  const atOnce = (papers: DuePaper[]) => papers.map((paper) => ({ paper, dueAt: 0 }))
  return events.flatMap((event) => {
    const others = facts.get(event.subject) ?? []
    if (event.type === REVIEWED) return papersOfReview(timeline, event.data as ChildFact, others)
    return atOnce(isPlaced(event) ? papersOfPlace(timeline, event.data as ChildFact, others) : papersOfEnd(event.data as EnrollmentEvent))
  })
}
