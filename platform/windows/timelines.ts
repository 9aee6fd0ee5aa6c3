import type { Timeline } from '../../policies/timeline.js'
import type { Sql } from '../postgres/index.js'
import { readSeason } from './season.js'

/** The installed timelines of this process; a stored one never changes, so each is read once. */
export class Timelines {
  private readonly known = new Map<string, Timeline>()

  constructor(private readonly sql: Sql) {}

  /** @throws Problem `unknown-season` */
  async of(season: string): Promise<Timeline> {
    const known = this.known.get(season)
    if (known) return known
    const { timeline } = await readSeason(this.sql, season)
    this.known.set(season, timeline)
    return timeline
  }
}
