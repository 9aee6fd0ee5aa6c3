import { problem } from '../../../platform/problem.js'
import { readSeason } from '../../../platform/windows/index.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
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

  /**
   * A phase that has cases, with its timeline.
   * @throws Problem `unknown-season`, `unknown-phase`
   */
  async phase(season: string, id: string): Promise<{ timeline: Timeline; phase: TimelinePhaseOf<'check' | 'review'> }> {
    const timeline = await this.of(season)
    const phase = timeline.phases.find((candidate) => candidate.id === id)
    if (phase?.kind === 'check' || phase?.kind === 'review') return { timeline, phase }
    throw problem('unknown-phase', `Season ${season} has no check or review ${id}`)
  }
}
