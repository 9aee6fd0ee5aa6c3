import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { vacanciesEvent } from '../events/rounds.js'
import { databaseNow, type Tx } from '../store/database.js'
import { refuseUnready } from '../store/readiness.js'
import { countSeats } from '../store/schools.js'
import { insertVacancies, markPublication, vacanciesOf } from '../store/vacancies.js'
import { phaseOf, type Allocation } from './allocation.js'
import { schoolsIn } from './round-map.js'

/** Publishes what a publication phase tells, once: the plans, or the seats left at that instant. */
export const publishVacancies = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.publishVacancies, {
    handle: ({ params: { season, phase }, signal, remainingMs }) =>
      inTransaction(database, (tx) => publish(tx, season, phase), { signal, timeoutMs: remainingMs() }),
  })

async function publish(tx: Tx, season: SeasonId, phaseId: PhaseId): Promise<{ schools: number; seats: number }> {
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'publication')
  const now = await databaseNow(tx)
  const retryAfterMs = Math.ceil(phase.opensAt - now)
  if (retryAfterMs > 0) throw problem('not-yet', `${phaseId} is at ${new Date(phase.opensAt).toISOString()}`, { retryAfterMs })
  if (phase.what === 'vacancies') await refuseUnready(tx, season, timeline, phase, [])
  const groups = phase.of.filter((of) => timeline.groups[of] !== undefined)
  const counts = await countSeats(tx, season, (await schoolsIn(tx, season, timeline, groups)).map(({ id }) => id))
  const first = await markPublication(tx, season, phaseId)
  if (phase.what !== 'vacancies') return { schools: counts.length, seats: counts.reduce((sum, { plan }) => sum + plan, 0) }
  if (first) await tell(tx, season, phase, counts, now)
  const told = await vacanciesOf(tx, season, phaseId)
  return { schools: told.length, seats: told.reduce((sum, { free }) => sum + free, 0) }
}

async function tell(tx: Tx, season: SeasonId, phase: TimelinePhaseOf<'publication'>, counts: readonly { school: string; free: number }[], now: number): Promise<void> {
  await insertVacancies(tx, season, phase.id, counts)
  const schools = counts.map(({ school, free }) => ({ school, free }))
  await enqueue(tx, 'allocation', [vacanciesEvent(season, phase.id, now, { schools })])
}
