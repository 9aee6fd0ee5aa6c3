import { readSeason } from '../../../platform/windows/index.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { Database } from './database.js'

/** The installed timelines of this process; a stored one never changes, so each is read once. */
export class Timelines {
  private readonly known = new Map<string, Timeline>()

  constructor(private readonly database: Database) {}

  /** @throws Problem `unknown-season` */
  async of(season: string): Promise<Timeline> {
    const known = this.known.get(season)
    if (known) return known
    const { timeline } = await readSeason(this.database, season)
    this.known.set(season, timeline)
    return timeline
  }
}
