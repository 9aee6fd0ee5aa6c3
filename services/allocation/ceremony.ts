import { Counter, type Registry } from 'prom-client'
import { z } from 'zod'
import { ConfigError } from '../../platform/config.js'
import type { Log } from '../../platform/log.js'
import type { Ceremony } from './api/allocation.js'
import { secondOpinionBy, VERIFIER } from './checking/second-opinion.js'
import { DRAND_CHAINS } from './domain/draw/chains.js'
import { ENGINE } from './domain/draw/engine.js'
import { drandSource } from './randomness/drand.js'
import { witnessList, witnessSource } from './randomness/witnesses.js'
import { databaseNow } from './store/database.js'

const ms = (byDefault: number) => z.coerce.number().int().positive().default(byDefault)

/** How draws are held, as the configuration says. */
export const ceremonyConfig = {
  /** Witnesses of draws: `name=address`, comma-separated. */
  witnesses: witnessList.default([]),
  /** How many of them must reveal. */
  witnessesLeast: z.coerce.number().int().min(0).default(2),
  /** For one question. */
  witnessTimeoutMs: ms(5_000),
  /** For a witness to commit itself, from the freeze on; then it is left out. */
  commitWithinMs: ms(600_000),
  /** For a witness to reveal, from the commit on; then it is absent. */
  revealWithinMs: ms(600_000),
  /** A network of drand as another source. */
  drand: z.enum(Object.keys(DRAND_CHAINS) as [keyof typeof DRAND_CHAINS]).optional(),
  /** The second implementation: it reads a transcript and answers as `ruxue verify --json` does. */
  secondCheck: z.string().min(1).default(`python3 ${VERIFIER}`),
  secondCheckTimeoutMs: ms(60_000),
  /** Rehearsals only: instants of transcripts are counted and not measured, so that two seasons can draw the same. */
  rehearsal: z.stringbool().default(false),
} as const

export type CeremonyConfig = z.output<z.ZodObject<typeof ceremonyConfig>>

/** Where instants of a rehearsal count from: nobody takes them for real. */
const REHEARSAL_BEGINS = Date.parse('2000-01-01T00:00:00.000Z')

/** @throws ConfigError if the sources of randomness cannot give a draw */
export function ceremonyOf(config: CeremonyConfig, { log, registry }: { log: Log; registry?: Registry | undefined }): Ceremony {
  const { witnesses, witnessesLeast: least, witnessTimeoutMs, rehearsal: isRehearsal, drand } = config
  if (isRehearsal) log.warn('draws are rehearsed: their instants are made up; not for a real season')
  if (isRehearsal && drand !== undefined) throw new ConfigError(['RUXUE_DRAND: a rehearsal does not wait for drand'])
  if (least > witnesses.length) throw new ConfigError([`RUXUE_WITNESSES_LEAST: ${least} witnesses must reveal, and ${witnesses.length} are named in RUXUE_WITNESSES`])
  if (least === 0 && drand === undefined) throw new ConfigError(['RUXUE_WITNESSES_LEAST: without drand at least one witness must reveal'])
  const held = registry && new Counter({ name: 'ruxue_groups_held_total', help: 'Groups of draws that the second implementation does not confirm', registers: [registry] })
  const undrawable = registry && new Counter({ name: 'ruxue_lists_undrawable_total', help: 'Freezes refused because their list could not be drawn', registers: [registry] })
  return {
    engine: ENGINE,
    sources: [...witnesses.map((witness) => witnessSource({ ...witness, timeoutMs: witnessTimeoutMs })), ...(drand === undefined ? [] : [drandSource({ network: drand })])],
    least,
    witnessTimeoutMs,
    commitWithinMs: config.commitWithinMs,
    revealWithinMs: config.revealWithinMs,
    now: isRehearsal ? async () => REHEARSAL_BEGINS : databaseNow,
    isRehearsal,
    secondOpinion: secondOpinionBy(config.secondCheck, config.secondCheckTimeoutMs),
    onHeld: () => held?.inc(),
    onUndrawable: () => undrawable?.inc(),
  }
}
