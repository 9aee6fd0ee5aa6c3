import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import { problem, type Problem } from '../../../platform/problem.js'

/** Why a season's checks cannot be made: it asks authorities that are not among the configured ones; undefined if it asks none such. */
export function refuseUnknownAuthorities(timeline: Timeline, configured: readonly string[]): Problem | undefined {
  const asking = phasesOfKind(timeline, 'check').flatMap(({ id, by }) => by.map((authority) => ({ phase: id, authority })))
  const unknown = asking.filter(({ authority }) => !configured.includes(authority))
  if (unknown.length === 0) return undefined
  const names = [...new Set(unknown.map(({ authority }) => authority))]
  return problem('unknown-authority', `${names.join(', ')}: not configured; RUXUE_AUTHORITIES has ${configured.join(', ') || 'none'}`, {
    particulars: { unknown },
  })
}
