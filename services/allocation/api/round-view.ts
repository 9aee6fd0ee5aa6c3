import type { z } from 'zod'
import { DRAW_STEPS, type DrawTranscript } from '../../../contracts/draw.js'
import type { roundRecord } from '../../../contracts/http/allocation.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { isEnough } from '../domain/draw/reveals.js'
import type { RoundRow } from '../store/rounds.js'
import type { LastStep } from '../store/steps.js'
import { iso } from './allocation.js'

/** How far a ceremony is. */
export interface Standing extends LastStep {
  /** Too few witnesses have revealed. */
  again?: true
}

export function standingOf(transcript: DrawTranscript): Standing {
  const step = DRAW_STEPS.findLast((name) => transcript[name] !== undefined)!
  const { commit, reveal, check } = transcript
  return {
    step,
    hash: transcript[step]!.hash,
    held: (check?.groups ?? []).flatMap(({ id, agreed }) => (agreed ? [] : [id])),
    ...(commit && reveal && !isEnough(commit, reveal.parts) && { again: true as const }),
  }
}

/** The record of a round. How many were admitted is part of the result and stays secret until it is published. */
export function roundView(season: SeasonId, phase: PhaseId, row: RoundRow | undefined, standing: Standing | undefined): z.input<typeof roundRecord> {
  if (!row) return { season, phase, state: 'planned' }
  const { state, units, children, listHash, run } = row
  return {
    season,
    phase,
    state,
    units,
    children,
    listHash,
    run,
    ...standing,
    frozenAt: iso(row.frozenAt),
    ...(row.decidedAt !== null && { decidedAt: iso(row.decidedAt) }),
    ...(state === 'published' && { admitted: row.admitted!, notAdmitted: row.notAdmitted! }),
    ...(row.publishedAt !== null && { publishedAt: iso(row.publishedAt) }),
  }
}
