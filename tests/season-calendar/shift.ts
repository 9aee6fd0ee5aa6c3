import type { Timeline } from '../../policies/timeline.js'

/** Moves a whole calendar by the same time, so that a season of another year runs from a clock's now. */
export function shiftTimeline(timeline: Timeline, byMs: number): Timeline {
  return {
    ...timeline,
    opensAt: timeline.opensAt + byMs,
    closesAt: timeline.closesAt + byMs,
    phases: timeline.phases.map((phase) => ({
      ...phase,
      opensAt: phase.opensAt + byMs,
      closesAt: phase.closesAt + byMs,
      ...(phase.publishAt === undefined ? {} : { publishAt: phase.publishAt + byMs }),
      ...(phase.handover ? { handover: { opensAt: phase.handover.opensAt + byMs, closesAt: phase.handover.closesAt + byMs } } : {}),
    })),
  }
}
