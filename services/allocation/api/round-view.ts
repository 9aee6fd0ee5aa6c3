import type { z } from 'zod'
import type { roundRecord } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Standing } from '../domain/draw/standing.js'
import type { RoundRow } from '../store/rounds.js'
import { iso } from './allocation.js'

/** The record of a round. How many were admitted is part of the result and stays secret until it is published. */
export function roundView(season: SeasonId, phase: PhaseId, row: RoundRow | undefined, standing: Standing | undefined): z.input<typeof roundRecord> {
  if (!row) return { season, phase, state: 'planned' }
  const { state, units, children, listHash, run, supplement } = row
  return {
    season,
    phase,
    state,
    units,
    children,
    listHash,
    run,
    ...(supplement > 0 && { supplement }),
    ...standing,
    frozenAt: iso(row.frozenAt),
    ...(row.decidedAt !== null && { decidedAt: iso(row.decidedAt) }),
    ...(state === 'published' && { admitted: row.admitted!, notAdmitted: row.notAdmitted! }),
    ...(row.publishedAt !== null && { publishedAt: iso(row.publishedAt) }),
  }
}
