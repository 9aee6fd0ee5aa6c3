import type { Sql } from '../../../platform/postgres/index.js'
import { freezeForms } from '../store/freeze.js'
import { dissolveIncomplete } from '../store/twins.js'

/**
 * What the close of a registration phase means: declarations of twins that made no unit end, then every form filed
 * through the phase is frozen, in the transaction of the close and before its digest is taken.
 */
export async function freezePhase(sql: Sql, season: string, phase: string): Promise<void> {
  await dissolveIncomplete(sql, season, phase)
  await freezeForms(sql, season, phase)
}
