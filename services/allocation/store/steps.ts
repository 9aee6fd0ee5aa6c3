import type { DrawStep, DrawStepName, DrawTranscript, RevealPart } from '../../../contracts/draw.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { asMs } from '../../../platform/postgres/index.js'
import { bodyOf, inOrder, transcriptFrom, type StepRecord } from '../domain/draw/record.js'
import type { Tx } from './database.js'

/** Which run of which draw. */
export interface OfRun {
  season: SeasonId
  phase: PhaseId
  run: number
}

/** A draw as far as it goes, and when the last step was stored (ms, the database's clock). */
export interface Kept {
  transcript: DrawTranscript
  doneAt: number
}

/**
 * Stores the last step of a transcript, once.
 * @returns false if it was there before, or if another run has drawn or published already
 */
export async function insertStep(tx: Tx, { season, phase, run }: OfRun, step: DrawStepName, transcript: DrawTranscript, askedBy: string): Promise<boolean> {
  const inserted = await tx.$executeRawUnsafe(
    `INSERT INTO round_step (season, phase, run, step, hash, body, asked_by) VALUES ($1, $2, $3::int, $4, $5, $6::jsonb, $7) ON CONFLICT DO NOTHING`,
    season,
    phase,
    run,
    step,
    transcript[step]!.hash,
    JSON.stringify(bodyOf(transcript, step)),
    askedBy,
  )
  return inserted === 1
}

/** The transcript of a run as far as it goes; undefined before its freeze. */
export async function transcriptOf(tx: Tx, { season, phase, run }: OfRun): Promise<Kept | undefined> {
  const rows = await tx.$queryRawUnsafe<(StepRecord & { doneAt: number })[]>(
    `SELECT step, body, ${asMs('done_at')} AS "doneAt" FROM round_step WHERE season = $1 AND phase = $2 AND run = $3::int`,
    season,
    phase,
    run,
  )
  const transcript = transcriptFrom(rows)
  return transcript && { transcript, doneAt: inOrder(rows).at(-1)!.doneAt }
}

/** The last step of the last run: its name, its hash, and the groups that its check held back. */
export interface LastStep {
  step: DrawStepName
  hash: string
  held: string[]
}

export async function lastStepOf(tx: Tx, { season, phase, run }: OfRun): Promise<LastStep | undefined> {
  const rows = await tx.$queryRawUnsafe<{ step: DrawStepName; hash: string; held: string[] | null }[]>(
    `SELECT step, hash, CASE WHEN step = 'check' THEN
       ARRAY(SELECT one->>'id' FROM jsonb_array_elements(body->'check'->'groups') AS one WHERE NOT (one->>'agreed')::boolean) END AS held
     FROM round_step WHERE season = $1 AND phase = $2 AND run = $3::int`,
    season,
    phase,
    run,
  )
  const last = inOrder(rows).at(-1)
  return last && { step: last.step, hash: last.hash, held: rows.find(({ step }) => step === 'check')?.held ?? [] }
}

/** What is public of a run before its publication, without the lists: the rule, the steps' hashes, freeze and commit. */
export async function announcedOf(tx: Tx, { season, phase, run }: OfRun): Promise<{ step: DrawStepName; rule: string | null; content: DrawStep }[]> {
  return inOrder(await tx.$queryRawUnsafe<{ step: DrawStepName; rule: string | null; content: DrawStep }[]>(
    `SELECT step, body->>'rule' AS rule, body->step AS content FROM round_step WHERE season = $1 AND phase = $2 AND run = $3::int`,
    season,
    phase,
    run,
  ))
}

/** Keeps what a source has handed in; what it hands in later changes nothing. */
export async function insertReveal(tx: Tx, { season, phase, run }: OfRun, source: string, part: RevealPart): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO round_reveal (season, phase, run, source, part) VALUES ($1, $2, $3::int, $4, $5::jsonb) ON CONFLICT DO NOTHING',
    season,
    phase,
    run,
    source,
    JSON.stringify(part),
  )
}

/** What has been handed in, by source. */
export async function revealsOf(tx: Tx, { season, phase, run }: OfRun): Promise<Map<string, RevealPart>> {
  const rows = await tx.$queryRawUnsafe<{ source: string; part: RevealPart }[]>(
    'SELECT source, part FROM round_reveal WHERE season = $1 AND phase = $2 AND run = $3::int',
    season,
    phase,
    run,
  )
  return new Map(rows.map(({ source, part }) => [source, part]))
}
