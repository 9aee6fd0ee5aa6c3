import { calendarOf } from '../domain/details.js'
import type { Paper } from '../domain/paper.js'
import type { Rendering } from '../domain/render.js'
import { deadlinesOf, schoolNames } from '../store/copies.js'
import type { Database } from '../store/database.js'
import type { Timelines } from '../../../platform/windows/index.js'

/** All a paper's text says but for whom it is. */
export type Unaddressed = Omit<Rendering, 'recipient'>

/**
 * Gathers what the texts of some papers of one season say: the calendar as it stands now, and the schools' names.
 * @returns by number
 */
export async function gather(database: Database, timelines: Timelines, season: string, papers: readonly Paper[]): Promise<Map<string, Unaddressed>> {
  const timeline = await timelines.of(season)
  const schools = [...new Set(papers.flatMap(({ school }) => (school === undefined ? [] : [school])))]
  const [deadlines, names] = await Promise.all([deadlinesOf(database, season), schoolNames(database, season, schools)])
  return new Map(papers.map((paper) => {
    const calendar = calendarOf(timeline, paper, deadlines)
    if (!calendar) throw new RangeError(`paper ${paper.number} is of phase ${paper.phase}, which its season does not have`)
    const schoolName = paper.school === undefined ? undefined : names.get(paper.school) ?? paper.school
    return [paper.number, { paper, schoolName, calendar, timezone: timeline.timezone }]
  }))
}
