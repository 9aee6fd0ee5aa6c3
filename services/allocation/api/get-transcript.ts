import { DRAW_STEPS, type DrawTranscript } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { publishAtOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { standingOf } from '../domain/draw/standing.js'
import { allowStatements, databaseNow, type Database } from '../store/database.js'
import { roundOf } from '../store/rounds.js'
import { stepsOf, transcriptOf } from '../store/steps.js'
import { voidsOf } from '../store/voids.js'
import { iso, phaseOf, type Allocation } from './allocation.js'

interface Wanted {
  season: SeasonId
  phase: PhaseId
  /** The last ones unless said. */
  run?: number | undefined
  supplement?: number | undefined
}

/** @throws Problem `unknown-season`, `unknown-phase`, `not-found` before the freeze */
export async function readTranscript(database: Database, { season, phase, ...wanted }: Wanted, timeoutMs: number): Promise<DrawTranscript> {
  await phaseOf(database, season, phase, 'round')
  const transcript = await inTransaction(database, async (tx) => {
    await allowStatements(tx, timeoutMs)
    const round = await roundOf(tx, season, phase)
    return round && transcriptOf(tx, { season, phase, run: wanted.run ?? round.run, supplement: wanted.supplement ?? round.supplement })
  }, { timeoutMs })
  if (!transcript) throw problem('not-found', `${phase} has no such draw`)
  return transcript
}

/** While a supplement is decided and not published, the one before is what is public. */
async function lastPublic(database: Database, { season, phase }: Wanted): Promise<number | undefined> {
  const round = await roundOf(database, season, phase)
  return round && (round.state === 'published' ? round.supplement : Math.max(0, round.supplement - 1))
}

/** Public at once: what must be known before the randomness is. */
export const getAnnouncement = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.getAnnouncement, {
    handle: async ({ params: { season, phase }, query }) => {
      await phaseOf(database, season, phase, 'round')
      const round = await roundOf(database, season, phase)
      const kept = round && (await stepsOf(database, { season, phase, run: query.run ?? round.run, supplement: round.supplement }))
      if (!kept) throw problem('not-found', `${phase} has no such draw`)
      const { draw } = kept
      const { rule, freeze, commit } = draw
      const declared = (await voidsOf(database, season, phase)).find(({ run }) => run === freeze.run)
      return {
        rule,
        freeze,
        ...(commit && { commit }),
        ...(declared && { void: { at: iso(declared.voidedAt), reason: declared.reason } }),
        steps: DRAW_STEPS.flatMap((step) => (draw[step] ? [{ step, at: draw[step].at, hash: draw[step].hash }] : [])),
      }
    },
  })

/**
 * Public once there is nothing in it that is still secret: of a run that is void, when the results would have been public;
 * where children live, which a residual round goes by, always is.
 */
export const getTranscript = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.getTranscript, {
    timeoutMs: bulkTimeoutMs,
    handle: async ({ params, query, remainingMs }) => {
      const { phase } = await phaseOf(database, params.season, params.phase, 'round')
      if (phase.method === 'residual') throw problem('not-found', `${phase.id} has no public transcript: it says where children live`)
      const transcript = await readTranscript(database, { ...params, ...query, supplement: query.supplement ?? (await lastPublic(database, params)) }, remainingMs())
      const publishAt = publishAtOf(phase)
      if (transcript.publish || standingOf(transcript).again) return transcript
      const isVoid = (await voidsOf(database, params.season, phase.id)).some(({ run }) => run === transcript.freeze.run)
      if (isVoid && (await databaseNow(database)) >= publishAt) return transcript
      const opensAt = iso(publishAt)
      throw problem('embargoed', `The draw of ${params.phase} is not published yet`, { particulars: { opensAt } })
    },
  })

/** For those who run the platform, at any time. */
export const inspectTranscript = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.inspectTranscript, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params, query, remainingMs }) => readTranscript(database, { ...params, ...query }, remainingMs()),
  })
