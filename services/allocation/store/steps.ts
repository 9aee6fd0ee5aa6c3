import { DRAW_FORMAT, type DrawStep, type DrawStepName, type DrawSteps, type DrawTranscript, type RevealPart } from '../../../contracts/draw.js'
import type { PhaseId, SeasonId } from '../../../contracts/ids.js'
import { asMs } from '../../../platform/postgres/index.js'
import { bodyOf, inOrder, transcriptFrom, type StepRecord } from '../domain/draw/record.js'
import type { Standing } from '../domain/draw/standing.js'
import type { Tx } from './database.js'

/** Which run of which draw, and which supplement of it: 0 until the first publication. */
export interface OfRun {
  season: SeasonId
  phase: PhaseId
  run: number
  supplement: number
}

/** The steps of a supplement stand on the list and the randomness of its run. */
const OF_RUN = `season = $1 AND phase = $2 AND run = $3::int AND (supplement = $4::int OR step IN ('freeze', 'commit', 'reveal'))`

/** A draw as far as it goes, without its lists, and when the last step was stored (ms, the database's clock). */
export interface Kept {
  draw: DrawSteps
  doneAt: number
}

/**
 * Stores the last step of a draw, once.
 * @returns false if it was there before, or if another run has drawn or published already
 */
export async function insertStep(tx: Tx, { season, phase, run, supplement }: OfRun, step: DrawStepName, draw: DrawSteps, askedBy: string): Promise<boolean> {
  const inserted = await tx.$executeRawUnsafe(
    `INSERT INTO round_step (season, phase, run, supplement, step, hash, body, asked_by) VALUES ($1, $2, $3::int, $4::int, $5, $6, $7::jsonb, $8) ON CONFLICT DO NOTHING`,
    season,
    phase,
    run,
    supplement,
    step,
    draw[step]!.hash,
    JSON.stringify(bodyOf(draw, step)),
    askedBy,
  )
  return inserted === 1
}

/** The transcript of a run as far as it goes; undefined before its freeze. */
export async function transcriptOf(tx: Tx, { season, phase, run, supplement }: OfRun): Promise<DrawTranscript | undefined> {
  const sql = `SELECT step, body FROM round_step WHERE ${OF_RUN}`
  return transcriptFrom(await tx.$queryRawUnsafe<StepRecord[]>(sql, season, phase, run, supplement))
}

/** The steps of a run, whose lists stay in the database; undefined before its freeze. */
export async function stepsOf(tx: Tx, { season, phase, run, supplement }: OfRun): Promise<Kept | undefined> {
  const rows = inOrder(await tx.$queryRawUnsafe<{ step: DrawStepName; rule: string | null; content: DrawStep; doneAt: number }[]>(
    `SELECT step, body->>'rule' AS rule, body->step AS content, ${asMs('done_at')} AS "doneAt" FROM round_step WHERE ${OF_RUN}`,
    season,
    phase,
    run,
    supplement,
  ))
  const [first] = rows
  if (!first) return undefined
  const steps = Object.fromEntries(rows.map(({ step, content }) => [step, content])) as Pick<DrawSteps, DrawStepName>
  return { draw: { format: DRAW_FORMAT, rule: first.rule!, ...steps }, doneAt: rows.at(-1)!.doneAt }
}

/** Where the last step of a run stands, from what is short in it. */
export async function lastStepOf(tx: Tx, { season, phase, run, supplement }: OfRun): Promise<Standing | undefined> {
  const rows = await tx.$queryRawUnsafe<{ step: DrawStepName; hash: string; held: string[] | null }[]>(
    `SELECT step, hash, CASE WHEN step = 'check' THEN
       ARRAY(SELECT one->>'id' FROM jsonb_array_elements(body->'check'->'groups') AS one WHERE NOT (one->>'agreed')::boolean) END AS held
     FROM round_step WHERE ${OF_RUN}`,
    season,
    phase,
    run,
    supplement,
  )
  const last = inOrder(rows).at(-1)
  return last && { step: last.step, hash: last.hash, held: rows.find(({ step }) => step === 'check')?.held ?? [] }
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
