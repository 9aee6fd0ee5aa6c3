import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { windowsOf } from '../../../platform/windows/index.js'
import type { Tx } from './database.js'

/** The phases this service has closed. */
export async function closedPhases(tx: Tx, season: SeasonId): Promise<PhaseId[]> {
  return (await windowsOf(tx, season)).filter((window) => window.closed).map((window) => window.phase)
}
