import { addressToken, opaqueId } from '../../../platform/crypto.js'

/** Opaque ids of what registration alone knows in clear. */
export interface Identities {
  child(season: string, idNumber: string): string
  guardian(season: string, idNumber: string): string
  unit(season: string, members: readonly string[]): string
  /** Token of an address line. */
  address(line: string): string
}

/** @param key the platform's id key; whoever has it can test guesses */
export const identitiesOf = (key: string): Identities => ({
  child: (season, idNumber) => opaqueId('c', key, season, idNumber),
  guardian: (season, idNumber) => opaqueId('g', key, season, idNumber),
  unit: (season, members) => opaqueId('u', key, season, ...[...members].sort()),
  address: (line) => addressToken(key, line),
})
