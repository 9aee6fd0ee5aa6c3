import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { publishAtOf, type Timeline } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { readWindow } from '../../../platform/windows/index.js'
import { resultsOf } from '../store/publications.js'
import { aboutChild, phaseOf, type Allocation } from './allocation.js'

/** A child's result, while the result phase shows it. */
export const getResult = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.getResult, {
    about: aboutChild(database),
    handle: async ({ params: { season, phase: id, child }, receivedAt }) => {
      const { timeline, phase } = await phaseOf(database, season, id, 'result')
      const { opensAt, closesAt } = await readWindow(database, season, id)
      refuseOutside(id, opensAt, closesAt, receivedAt)
      const rows = await resultsOf(database, season, publicBy(timeline, phase.of, receivedAt), child)
      if (rows.length === 0) throw problem('not-found', `There is no result of this child in ${phase.of.join(' or ')}`)
      return {
        child,
        results: rows.map(({ phase: round, outcome, school }) => ({ round, outcome, ...(school !== null && { school }) })),
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
