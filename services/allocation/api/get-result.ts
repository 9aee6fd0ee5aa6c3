import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { phasesOfKind, publishAtOf, toldAtOf, type Timeline } from '../../../policies/timeline.js'
import { factOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { readWindow } from '../../../platform/windows/index.js'
import { resultsOf } from '../store/publications.js'
import type { Database } from '../store/database.js'
import { aboutChild, phaseOf, type Allocation } from './allocation.js'

/** A child's result, while the result phase shows it. */
export const getResult = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.getResult, {
    about: aboutChild(database),
    handle: async ({ params: { season, phase: id, child }, receivedAt }) => {
      const { timeline, phase } = await phaseOf(database, season, id, 'result')
      const { opensAt, closesAt } = await readWindow(database, season, id)
      refuseOutside(id, opensAt, closesAt, receivedAt)
      const [rows, reviews] = await Promise.all([
        resultsOf(database, season, publicBy(timeline, phase.of, receivedAt), child),
        reviewsOf(database, timeline, phase.of, receivedAt, { season, child }),
      ])
      if (rows.length + reviews.length === 0) throw problem('not-found', `There is no result of this child in ${phase.of.join(' or ')}`)
      return {
        child,
        results: rows.map(({ phase: round, outcome, school }) => ({ round, outcome, ...(school !== null && { school }) })),
        reviews,
      }
    },
  })

function refuseOutside(phase: string, opensAt: number, closesAt: number, receivedAt: number): void {
  const at = new Date(opensAt).toISOString()
  if (receivedAt < opensAt) throw problem('embargoed', `${phase} opens at ${at}`, { particulars: { opensAt: at } })
  if (receivedAt >= closesAt) throw problem('window-closed', `${phase} closed at ${new Date(closesAt).toISOString()}`, { closesAt })
}

/** A round that another result phase shows earlier is public from then on, one that is shown later not yet. */
function publicBy(timeline: Timeline, rounds: readonly string[], receivedAt: number): string[] {
  return timeline.phases.flatMap((phase) =>
    phase.kind === 'round' && rounds.includes(phase.id) && publishAtOf(phase) <= receivedAt ? [phase.id] : [])
}

interface Decided {
  review: string
  outcome: 'approved' | 'refused'
}

/** What reviews decided about a child, as far as they are shown by then. */
async function reviewsOf(database: Database, timeline: Timeline, shown: readonly string[], receivedAt: number, of: { season: string; child: string }): Promise<Decided[]> {
  const told = phasesOfKind(timeline, 'review').filter((review) => shown.includes(review.id) && toldAtOf(review) <= receivedAt)
  const decided = await Promise.all(told.map(async ({ id }): Promise<Decided[]> => {
    const outcome = (await factOf(database, of.season, of.child, 'case', id))?.outcomes?.[id]
    return outcome === 'approved' || outcome === 'refused' ? [{ review: id, outcome }] : []
  }))
  return decided.flat()
}
