import type { DrawStepName, DrawTranscript } from '../../../contracts/draw.js'
import type { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { allowStatements, type Tx } from '../store/database.js'
import { roundOf, type RoundRow } from '../store/rounds.js'
import { insertStep, transcriptOf, type Kept, type OfRun } from '../store/steps.js'
import { phaseOf, type Allocation } from './allocation.js'
import { roundView, standingOf } from './round-view.js'

/** What a step of a ceremony is made of. */
export interface At extends Kept {
  of: OfRun
  timeline: Timeline
  phase: TimelinePhaseOf<'round'>
  log: Log
}

/** A step that follows the freeze. */
export interface CeremonyStep {
  name: Exclude<DrawStepName, 'freeze' | 'publish'>
  after: DrawStepName
  /** The transcript with this step. Others may be asked: no transaction is open. */
  make(allocation: Allocation, at: At): Promise<DrawTranscript>
  /** What happens with it, in the transaction that stores it. */
  settle(tx: Tx, at: At, made: DrawTranscript, round: RoundRow): Promise<void>
}

/**
 * The endpoint of a step. It is done once: again, by another process, or after one that died in the middle it answers
 * with the step that is stored.
 */
export const ceremonyStep = (endpoint: typeof allocationEndpoints.drawRound, step: CeremonyStep) => (allocation: Allocation): Mounted =>
  implement(endpoint, {
    timeoutMs: allocation.bulkTimeoutMs,
    handle: async ({ params: { season, phase: id }, body: { run }, caller, log, signal, remainingMs }) => {
      const { database } = allocation
      const of: OfRun = { season, phase: id, run }
      const inTime = <R>(work: (tx: Tx) => Promise<R>) =>
        inTransaction(database, async (tx) => {
          await allowStatements(tx, remainingMs())
          return work(tx)
        }, { signal, timeoutMs: remainingMs() })
      const { timeline, phase } = await phaseOf(database, season, id, 'round')
      let kept = await inTime((tx) => transcriptOf(tx, of))
      if (!kept?.transcript[step.after]) throw problem('round-conflict', `Run ${run} of ${id} has no ${step.after} yet`)
      if (!kept.transcript[step.name]) {
        const at = { ...kept, of, timeline, phase, log }
        const made = await step.make(allocation, at)
        kept = await inTime(async (tx) => {
          const round = (await roundOf(tx, season, id, 'FOR UPDATE'))!
          if (await insertStep(tx, of, step.name, made, caller.subject)) await step.settle(tx, at, made, round)
          return transcriptOf(tx, of)
        })
      }
      return roundView(season, id, await roundOf(database, season, id), standingOf(kept!.transcript))
    },
  })
