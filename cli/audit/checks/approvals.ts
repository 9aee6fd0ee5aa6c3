import { phasesOfKind } from '../../../policies/timeline.js'
import type { Check, Evidence } from '../evidence.js'

interface Approval {
  who: string
  target: string
  at: Date
}

/** As the policy says it: `approval: four-eyes`. */
const OFFICERS = 2

/**
 * 6. Where the policy says four-eyes, two different officers approved the run of the round that was published, after it
 * was frozen, by the console's record of who asked for what.
 */
export const checkApprovals: Check = async ({ season, databases, timeline, log }: Evidence) => {
  const approvals = await databases.query<Approval>(
    'console',
    // Who was told `not-yet` may have been heard: the round did not answer in time.
    `SELECT who, target, at FROM action WHERE season = $1 AND what = 'approve' AND (result <> 'refused' OR problem = 'not-yet')`,
    season,
  )
  const violations = phasesOfKind(timeline, 'round').filter(({ approval }) => approval === 'four-eyes').flatMap(({ id }) => {
    const published = log.rounds.get(id)
    if (!published) return []
    const frozenAt = log.frozenAt.get(id)?.[published.run - 1] ?? Infinity
    const publishedAt = log.closedAt.get(id)!
    const officers = new Set(approvals.flatMap(({ who, target, at }) => (target === id && at.getTime() > frozenAt && at.getTime() < publishedAt ? [who] : [])))
    return officers.size >= OFFICERS ? [] : [{ check: 'rounds' as const, what: `was published, and ${officers.size} of ${OFFICERS} officers had approved it`, where: id }]
  })
  return { violations }
}
