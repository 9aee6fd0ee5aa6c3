import { problem } from '../../../platform/problem.js'
import { Timelines } from '../../../platform/windows/index.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'

/** Timelines as verification needs them. */
export class CaseTimelines extends Timelines {
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

  /**
   * A check, with its timeline.
   * @throws Problem `unknown-season`, `unknown-phase`
   */
  async check(season: string, id: string): Promise<{ timeline: Timeline; phase: TimelinePhaseOf<'check'> }> {
    const { timeline, phase } = await this.phase(season, id)
    if (phase.kind === 'check') return { timeline, phase }
    throw problem('unknown-phase', `Season ${season} has no check ${id}`)
  }
}
