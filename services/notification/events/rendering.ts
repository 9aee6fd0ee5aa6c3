import { calendarOf } from '../domain/details.js'
import type { Paper } from '../domain/paper.js'
import type { Rendering, Recipient } from '../domain/render.js'
import { deadlinesOf, schoolName } from '../store/copies.js'
import type { Database } from '../store/database.js'
import type { Timelines } from '../store/timelines.js'

/** Gathers what a paper's text says: the paper, its calendar as it stands now, the school's name, and for whom it is. */
export async function renderingOf(database: Database, timelines: Timelines, paper: Paper, recipient: Recipient): Promise<Rendering> {
  const timeline = await timelines.of(paper.season)
  const calendar = calendarOf(timeline, paper, await deadlinesOf(database, paper.season))
  if (!calendar) throw new RangeError(`paper ${paper.number} is of phase ${paper.phase}, which its season does not have`)
  const name = paper.school === undefined ? undefined : await schoolName(database, paper.season, paper.school)
  return { paper, recipient, schoolName: name ?? paper.school, calendar, timezone: timeline.timezone }
}
