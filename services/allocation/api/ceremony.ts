import type { DrawStepName, DrawSteps, DrawTranscript } from '../../../contracts/draw.js'
import type { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { standingOf } from '../domain/draw/standing.js'
import { allowStatements, type Tx } from '../store/database.js'
import { roundOf, type RoundRow } from '../store/rounds.js'
import { insertStep, stepsOf, transcriptOf, type Kept, type OfRun } from '../store/steps.js'
import { phaseOf, type Allocation } from './allocation.js'
import { roundView } from './round-view.js'

/** What a step of a ceremony is made of. */
export interface At extends Kept {
  of: OfRun
  timeline: Timeline
  phase: TimelinePhaseOf<'round'>
  log: Log
  /** The draw with its lists, for a step that needs them; of another supplement if it is named. */
  read(supplement?: number): Promise<DrawTranscript>
}

/** A step that follows the freeze. */
export interface CeremonyStep<D extends DrawSteps> {
  name: Exclude<DrawStepName, 'freeze' | 'publish'>
  after: DrawStepName
  /** The draw with this step. Others may be asked: no transaction is open. */
  make(allocation: Allocation, at: At): Promise<D>
  /** What happens with it, in the transaction that stores it. */
  settle(tx: Tx, at: At, made: D, round: RoundRow): Promise<void>
}

/**
 * @returns the round of this run
 * @throws Problem `round-conflict` if it has not begun, is void, or another one has begun
 */
export function refuseOther({ phase, run }: Pick<OfRun, 'phase' | 'run'>, round: RoundRow | undefined): RoundRow {
  if (!round) throw problem('round-conflict', `${phase} is not frozen yet`)
  if (round.run !== run) throw problem('round-conflict', `Run ${run} of ${phase} is not the one that stands: that is ${round.run}`)
  if (round.state === 'void') throw problem('round-conflict', `Run ${run} of ${phase} is void`)
  return round
}

/**
 * The endpoint of a step. It is done once: again, by another process, or after one that died in the middle it answers
 * with the step that is stored.
 */
export const ceremonyStep = <D extends DrawSteps>(endpoint: typeof allocationEndpoints.commitRound | typeof allocationEndpoints.drawRound, step: CeremonyStep<D>) => (allocation: Allocation): Mounted =>
  implement(endpoint, {
    timeoutMs: allocation.bulkTimeoutMs,
    handle: async ({ params: { season, phase: id }, body, caller, log, signal, remainingMs }) => {
      const { database } = allocation
      const of: OfRun = { season, phase: id, supplement: 0, ...body }
      const inTime = <R>(work: (tx: Tx) => Promise<R>) =>
        inTransaction(database, async (tx) => {
          await allowStatements(tx, remainingMs())
          return work(tx)
        }, { signal, timeoutMs: remainingMs() })
      const { timeline, phase } = await phaseOf(database, season, id, 'round')
      const kept = await inTime((tx) => stepsOf(tx, of))
      if (!kept?.draw[step.after]) throw problem('round-conflict', `Run ${of.run} of ${id} has no ${step.after} yet`)
      const view = async (draw: DrawSteps) => roundView(season, id, await roundOf(database, season, id), standingOf(draw))
      if (kept.draw[step.name]) return view(kept.draw)
      refuseOther(of, await roundOf(database, season, id))
      const at: At = { ...kept, of, timeline, phase, log, read: async (supplement = of.supplement) => (await inTime((tx) => transcriptOf(tx, { ...of, supplement })))! }
      const made = await step.make(allocation, at)
      return view(await inTime(async (tx) => {
        const round = refuseOther(of, await roundOf(tx, season, id, 'FOR UPDATE'))
        if (!(await insertStep(tx, of, step.name, made, caller.subject))) return (await stepsOf(tx, of))!.draw
        await step.settle(tx, at, made, round)
        return made
      }))
    },
  })
