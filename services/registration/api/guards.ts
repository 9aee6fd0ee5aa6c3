import type { About } from '../../../contracts/roles.js'
import { phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { problem } from '../../../platform/problem.js'
import type { Sql } from '../../../platform/postgres/index.js'
import { readSeason } from '../../../platform/windows/index.js'
import { readChild } from '../store/children.js'
import { readWithdrawal } from '../store/withdrawals.js'
import type { Deps } from './deps.js'

/** Whose child a request is about. @throws Problem `unknown-child` */
export const aboutChild = ({ database }: Deps) =>
  async ({ params }: { params: { season: string; child: string } }): Promise<About> => {
    const { guardian, district } = await readChild(database.prisma, params.season, params.child)
    return { guardian, district }
  }

/** The timeline of a season that still runs. @throws Problem `unknown-season`, `season-closed` */
export async function openSeason(sql: Sql, season: string): Promise<Timeline> {
  const { timeline, state } = await readSeason(sql, season)
  if (state === 'closed') throw problem('season-closed', `Season ${season} is closed`)
  return timeline
}

/** @throws Problem `unknown-phase` */
export function registrationPhase(timeline: Timeline, id: string): TimelinePhaseOf<'registration'> {
  const phase = phasesOfKind(timeline, 'registration').find((candidate) => candidate.id === id)
  if (!phase) throw problem('unknown-phase', `There is no registration phase ${id}`)
  return phase
}

/** @throws Problem `withdrawn` */
export async function refuseWithdrawn(sql: Sql, season: string, child: string): Promise<void> {
  const withdrawal = await readWithdrawal(sql, season, child)
  if (withdrawal) throw problem('withdrawn', `The child left the season: ${withdrawal.reason}`)
}
