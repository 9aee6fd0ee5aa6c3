import { createHash, randomBytes } from 'node:crypto'
import type { PhaseId, SeasonId } from '../../../../contracts/ids.js'

export interface Seed {
  /** 32 bytes in hex. */
  seed: string
  origin: 'random' | 'rehearsal'
}

/**
 * Where a round's seed comes from. It is asked only after the hash of the frozen list is stored, so that nobody
 * who can touch the list knows the draw.
 */
export type SeedSource = (round: { season: SeasonId; phase: PhaseId; listHash: string }) => Seed

/** For real seasons. */
export const randomSeeds: SeedSource = () => ({ seed: randomBytes(32).toString('hex'), origin: 'random' })

/**
 * For rehearsals: the same list draws the same, so that a faulted run can be compared with a clean one. Labelled
 * in the round's record; never for a real season, where whoever knows the rehearsal's seed would know the draw.
 */
export const rehearsalSeeds = (rehearsalSeed: string): SeedSource => ({ season, phase, listHash }) => ({
  seed: createHash('sha256').update(`${rehearsalSeed}|${season}/${phase}|${listHash}`).digest('hex'),
  origin: 'rehearsal',
})
