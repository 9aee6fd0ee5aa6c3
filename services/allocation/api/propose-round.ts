import type { DrawTranscript } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ResidualFile } from '../../../contracts/residual.js'
import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { isEnough } from '../domain/draw/reveals.js'
import { seedOf } from '../domain/draw/seed.js'
import { standingOf } from '../domain/draw/standing.js'
import { decideResidual, proposedResults, residualFileOf } from '../domain/rounds/residual/near-home.js'
import { stepEvent } from '../events/rounds.js'
import { allowStatements, databaseNow, type Tx } from '../store/database.js'
import { insertResidualRun } from '../store/proposals.js'
import { roundOf } from '../store/rounds.js'
import { schoolLocations } from '../store/schools.js'
import { transcriptOf, type OfRun } from '../store/steps.js'
import { TOLD } from './alarm.js'
import { phaseOf, type Allocation } from './allocation.js'
import { refuseOther } from './ceremony.js'
import { give } from './give.js'
import { roundView } from './round-view.js'

/** Decides a residual round from its reveal on: proposals that nobody but staff sees before the publication. */
export const proposeRound = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.proposeRound, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase: id }, body: { run }, caller, log, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        const of = { season, phase: id, run, supplement: 0 }
        const { phase } = await phaseOf(tx, season, id, 'round')
        if (phase.method !== 'residual') throw problem('round-conflict', `${id} proposes nothing: it is drawn`)
        const transcript = await transcriptOf(tx, of)
        const { state, listHash } = refuseOther(of, await roundOf(tx, season, id, 'FOR UPDATE'))
        if (state === 'frozen') await propose(tx, { of, phase, listHash, askedBy: caller.subject, log }, revealed(id, transcript))
        return roundView(season, id, await roundOf(tx, season, id), transcript && standingOf(transcript))
      }, { signal, timeoutMs: remainingMs() }),
  })

type Revealed = DrawTranscript & Required<Pick<DrawTranscript, 'commit' | 'reveal'>>

/** @throws Problem `round-conflict` if the randomness is not there */
function revealed(phase: string, transcript: DrawTranscript | undefined): Revealed {
  const { commit, reveal } = transcript ?? {}
  if (!transcript || !commit || !reveal) throw problem('round-conflict', `${phase} has no reveal yet`)
  if (!isEnough(commit, reveal.parts)) throw problem('round-conflict', 'Too few witnesses have revealed: the draw begins again')
  return { ...transcript, commit, reveal }
}

interface Asked {
  of: OfRun
  phase: TimelinePhaseOf<'round'>
  listHash: string
  askedBy: string
  log: Log
}

async function propose(tx: Tx, { of, phase, listHash, askedBy, log }: Asked, { groups: [group], freeze, commit, reveal }: Revealed): Promise<void> {
  const { season } = of
  const { round } = group!
  const seed = seedOf({ group: round.id, list: freeze.groups[0]!.list, commit: commit.hash, parts: reveal.parts })
  const input = residualFileOf(round, await schoolLocations(tx, season), seed)
  const result = decideOrAlarm(input, log)
  await insertResidualRun(tx, of, { askedBy, input, result })
  await give(tx, { season, phase, supplement: 0 }, round.schools.map(({ id }) => id), proposedResults(input, result))
  await enqueue(tx, 'allocation', [stepEvent('round-proposed', of, reveal, await databaseNow(tx), { listHash, inputDigest: result.inputDigest })])
}

/** Nothing of an unsound result is stored; somebody must look at it. */
function decideOrAlarm(input: ResidualFile, log: Log) {
  const { file, wrong } = decideResidual(input)
  if (wrong.length === 0) return file
  log.fatal({ round: input.id, wrong: wrong.slice(0, TOLD).map(({ what }) => what) }, 'a round is held back: its result is unsound')
  throw new Error(`${input.id} has no result that may be stored: ${wrong.length} things are wrong`)
}
