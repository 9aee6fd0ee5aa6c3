import { latestClosing } from './dependents.js'
import { toLocal, toLocalEnd } from './instant.js'
import { PEOPLE_KINDS, type Owner, type PhaseId, type PhaseKind, type Policy } from './language.js'
import { publishAtOf, type Timeline, type TimelinePhase } from './timeline.js'

/** A phase of a calendar, with its times as instants (ms) and as local time. */
export interface CalendarRow {
  phase: PhaseId
  kind: PhaseKind
  owner: Owner
  opensAt: number
  closesAt: number
  opens: string
  closes: string
  /** The last instant to which it may be extended; only of phases that people use. */
  latestClosingAt?: number
  latestClosing?: string
  /** When the result of a round may be seen. */
  publishAt?: number
  publish?: string
  /** The phase after compression onto a rehearsal. */
  compressed?: { opensAt: number; closesAt: number; opens: string; closes: string; publishAt?: number }
  source?: string
  reading?: string
  assumed?: true
}

/** The calendar of a policy, in the notice's order; with a compressed timeline both, side by side. */
export function calendarRows(policy: Policy, timeline: Timeline, compressed?: Timeline): CalendarRow[] {
  return timeline.phases.map((phase, index) => {
    const { source, reading, assumed } = policy.phases[index]!
    return {
      phase: phase.id, kind: phase.kind, owner: phase.owner,
      ...times(phase, timeline, policy.phases[index]!.at?.endsWith('24:00') ?? false),
      ...extension(phase, timeline),
      ...(phase.kind === 'round' ? { publishAt: publishAtOf(phase), publish: toLocal(publishAtOf(phase), timeline.timezone) } : {}),
      ...(compressed ? { compressed: compressedTimes(compressed.phases[index]!, compressed) } : {}),
      ...(source ? { source } : {}),
      ...(reading ? { reading } : {}),
      ...(assumed ? { assumed } : {}),
    }
  })
}

function times({ opensAt, closesAt }: TimelinePhase, { timezone }: Timeline, atEndOfDay = false) {
  const isInstant = opensAt === closesAt
  return {
    opensAt,
    closesAt,
    opens: atEndOfDay ? toLocalEnd(opensAt, timezone) : toLocal(opensAt, timezone),
    closes: isInstant && !atEndOfDay ? toLocal(closesAt, timezone) : toLocalEnd(closesAt, timezone),
  }
}

function compressedTimes(phase: TimelinePhase, timeline: Timeline) {
  return { ...times(phase, timeline), ...(phase.kind === 'round' ? { publishAt: publishAtOf(phase) } : {}) }
}

function extension(phase: TimelinePhase, timeline: Timeline): Pick<CalendarRow, 'latestClosing' | 'latestClosingAt'> {
  if (!PEOPLE_KINDS.includes(phase.kind)) return {}
  const latestClosingAt = latestClosing(timeline, phase.id)
  return { latestClosingAt, latestClosing: toLocal(latestClosingAt, timeline.timezone) }
}
