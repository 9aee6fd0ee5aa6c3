import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Timeline, TimelinePhase } from '../../../policies/timeline.js'
import { problem } from '../../../platform/problem.js'
import { windowDigest } from '../../../platform/windows/index.js'
import { mustBePublished, mustHaveEnded } from '../domain/rounds/reads.js'
import type { Tx } from './database.js'
import { roundOf } from './rounds.js'
import { closedPhases } from './windows.js'

/** What the owner of a phase said when it closed it. */
export interface Expected {
  phase: PhaseId
  count: number
  digest: string
}

const RETRY_MS = 250

/**
 * Refuses while anything that a phase builds on is not settled here: a phase of this service that ends before it
 * is not closed, an earlier round not decided (not published, if it is public by then), or the copy of another
 * service's outcomes is not what its owner closed with.
 * @throws Problem `not-yet` (particulars.waitsFor), `unknown-phase`
 */
export async function refuseUnready(tx: Tx, season: SeasonId, timeline: Timeline, phase: TimelinePhase, expects: readonly Expected[]): Promise<void> {
  const closed = new Set(await closedPhases(tx, season))
  for (const before of mustHaveEnded(timeline, phase)) {
    if (before.kind !== 'round') {
      if (!closed.has(before.id)) notYet(before.id, 'is not closed')
      continue
    }
    const state = (await roundOf(tx, season, before.id))?.state
    if (state !== 'decided' && state !== 'published') notYet(before.id, 'is not decided')
    if (state === 'decided' && mustBePublished(before, phase)) notYet(before.id, 'is not published')
  }
  for (const expected of expects) await refuseLag(tx, season, timeline, expected)
}

/** What this service states itself is complete once closed; only copies can be behind. */
async function refuseLag(tx: Tx, season: SeasonId, timeline: Timeline, { phase: id, count, digest }: Expected): Promise<void> {
  const phase = timeline.phases.find((candidate) => candidate.id === id)
  if (!phase) throw problem('unknown-phase', `Season ${season} has no phase ${id}`)
  if (phase.owner === 'allocation') return
  const here = await windowDigest(tx, season, id, phase.kind)
  if (here.digest !== digest) notYet(id, `has ${here.count} outcomes here, not yet the ${count} it closed with`)
}

function notYet(phase: PhaseId, why: string): never {
  throw problem('not-yet', `${phase} ${why}`, { retryAfterMs: RETRY_MS, particulars: { waitsFor: phase } })
}
