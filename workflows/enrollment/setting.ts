import type { ChildId, PhaseId, SeasonId } from '../../contracts/ids.js'
import { enrollmentWorkflowId, type EnrollmentInput, type Technical } from '../../contracts/workflows.js'
import { negativeOutcome, type Cond } from '../../policies/language.js'
import { effectOf, type Timeline, type TimelinePhase } from '../../policies/timeline.js'
import { spreadOf } from './spread.js'

/** What never changes while one child's workflow runs. */
export interface Setting {
  season: SeasonId
  child: ChildId
  timeline: Timeline
  technical: Technical
  /** This child's share of the spread, in ms. */
  spreadMs: number
  /** Phases whose silence changes something: it has an effect, or somebody reads it. */
  consequential: ReadonlySet<PhaseId>
}

/** The setting of a child's workflow from its input. */
export function settingOf({ season, child, timeline, technical }: EnrollmentInput<Timeline>): Setting {
  return {
    season,
    child,
    timeline,
    technical,
    spreadMs: spreadOf(enrollmentWorkflowId(season, child), technical.spreadMs),
    consequential: new Set(timeline.phases.filter((phase) => silenceCounts(timeline, phase)).map(({ id }) => id)),
  }
}

function silenceCounts(timeline: Timeline, phase: TimelinePhase): boolean {
  const negative = negativeOutcome(phase.kind)
  if (negative === undefined) return false
  const { bars, then, releases } = effectOf(phase, negative)
  if (bars?.length || then || releases?.length) return true
  return conditionsOf(timeline).some((cond) => reads(cond, phase, negative))
}

function conditionsOf(timeline: Timeline): Cond[] {
  const asked = timeline.phases.map(({ who }) => who).filter((who) => typeof who === 'object')
  return [...asked, ...Object.values(timeline.rules).map(({ needs }) => needs)]
}

function reads(cond: Cond, phase: TimelinePhase, outcome: string): boolean {
  switch (cond.op) {
    case 'all':
    case 'any':
      return cond.of.some((part) => reads(part, phase, outcome))
    case 'not':
      return reads(cond.of, phase, outcome)
    case 'outcome':
      return cond.phase === phase.id && cond.is.some((value) => value === outcome)
    case 'form':
      return phase.kind === 'registration' && cond.form === phase.form && cond.is === 'missed'
    default:
      return false
  }
}
