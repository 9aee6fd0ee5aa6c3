import { readFile, writeFile } from 'node:fs/promises'
import type { DrawTranscript } from '../../../contracts/draw.js'
import type { RoundApplicant, RoundFile } from '../../../contracts/rounds.js'
import { check, commit, draw, freeze, publish, reveal } from '../../../services/allocation/domain/draw/ceremony.js'
import { commitmentOf } from '../../../services/allocation/domain/draw/witness.js'
import { allocate } from '../../../services/allocation/domain/rounds/engine/allocate.js'
import { checkResult } from '../../../services/allocation/domain/rounds/engine/check.js'
import { readRound } from '../../../services/allocation/domain/rounds/engine/read.js'
import { checkResidual } from '../../../services/allocation/domain/rounds/residual/check-residual.js'
import { placeResidual, type Residual } from '../../../services/allocation/domain/rounds/residual/residual.js'
import { ticketOf } from '../../../services/allocation/domain/rounds/ticket.js'

/** Seconds of the steps with one round, and what they came to. */
export interface Measured {
  applicants: number
  /** Only sorting the same applicants by two keys. */
  sort: number
  read: number
  allocate: number
  /** The best of several runs in a row, once the code is warm. */
  warm: number
  check: number
  /** Highest resident memory of the process until the first result. */
  peakMb: number
  placed: number
  violations: number
}

export interface MeasuredResidual {
  place: number
  check: number
  peakMb: number
  kilometres: number
  violations: number
}

export interface MeasuredDraw {
  /** A ticket for each unit, alone. */
  tickets: number
  /** Freeze to publication with all tickets and hashes, and the file's text, but without deciding. */
  transcript: number
  decide: number
  megabytes: number
  peakMb: number
}

const WARM_RUNS = 5

// A process of its own for each measurement: `measure.ts round|residual FILE`, or `measure.ts draw FILE TRANSCRIPT`.
const [what, file, to] = process.argv.slice(2) as ['round' | 'residual' | 'draw', string, string]
const input: unknown = JSON.parse(await readFile(file, 'utf8'))
process.stdout.write(JSON.stringify(what === 'round' ? measureRound(input) : what === 'residual' ? measureResidual(input as Residual) : await measureDraw(input as RoundFile)))

function measureRound(json: unknown): Measured {
  const read = timed(() => readRound(json))
  const { round } = read.value
  if (!round) throw new Error(JSON.stringify(read.value.faults?.slice(0, 5)))
  const first = timed(() => allocate(round))
  const peakMb = peak()
  const check = timed(() => checkResult(round, first.value))
  return {
    applicants: round.applicants.length,
    sort: best(() => sortOnly(round)),
    read: read.seconds,
    allocate: first.seconds,
    warm: best(() => allocate(round)),
    check: check.seconds,
    peakMb,
    placed: first.value.assignments.filter(({ school }) => school !== null).length,
    violations: check.value.length,
  }
}

function measureResidual(residual: Residual): MeasuredResidual {
  const tickets = (child: string) => ticketOf('5eed', child)
  const place = timed(() => placeResidual(residual, tickets))
  const peakMb = peak()
  const check = timed(() => checkResidual(residual, place.value, tickets))
  const metres = place.value.reduce((sum, proposal) => sum + (proposal.metres ?? 0), 0)
  return { place: place.seconds, check: check.seconds, peakMb, kilometres: Math.round(metres / 1_000), violations: check.value.length }
}

/** Writes the transcript. */
async function measureDraw(round: RoundFile): Promise<MeasuredDraw> {
  let decide = 0
  const whole = timed(() => JSON.stringify(holdDraw(round, (drawn, tickets) => {
    const decided = timed(() => allocate(drawn, tickets))
    decide = decided.seconds
    return decided.value
  })))
  const peakMb = peak()
  const tickets = timed(() => round.applicants.map(({ id, unit = id }) => ticketOf('5eed', unit)))
  await writeFile(to, whole.value)
  return { tickets: tickets.seconds, transcript: whole.seconds - decide, decide, megabytes: Math.round(whole.value.length / 1e6), peakMb }
}

/** A draw with one made-up witness. */
function holdDraw(round: RoundFile, decide: typeof allocate): DrawTranscript {
  const [name, secret] = ['made-up', '5eed'.repeat(16)]
  const implementations = ['made-up', 'also made-up'].map((one) => ({ name: one, version: '0' }))
  const frozen = freeze({ at: '2026-01-01T00:00:00.000Z', draw: 'bench', run: 1, rule: 'By lot.', rounds: [round] })
  const sources = [{ kind: 'witness' as const, name, commitment: commitmentOf(frozen.freeze.hash, name, secret) }]
  const committed = commit(frozen, { at: '2026-01-02T00:00:00.000Z', engine: implementations[0]!, sources, revealBy: '2026-01-03T00:00:00.000Z', least: 1 })
  const revealed = reveal(committed, { at: '2026-01-03T00:00:00.000Z', parts: [{ kind: 'witness', name, at: '2026-01-03T00:00:00.000Z', secret }] })
  const drawn = draw(revealed, { at: '2026-01-04T00:00:00.000Z' }, decide)
  return publish(check(drawn, { at: '2026-01-05T00:00:00.000Z', by: implementations, alarms: new Map() }), { at: '2026-01-06T00:00:00.000Z' })
}

/** What nobody can do without. */
function sortOnly({ applicants }: RoundFile): RoundApplicant[] {
  const compare = (a: RoundApplicant, b: RoundApplicant, key: string) => (a.keys![key]! < b.keys![key]! ? -1 : a.keys![key]! > b.keys![key]! ? 1 : 0)
  return applicants.toSorted((a, b) => compare(a, b, 'purchasedOn') || compare(b, a, 'points'))
}

function timed<T>(run: () => T): { value: T; seconds: number } {
  const startedAt = performance.now()
  const value = run()
  return { value, seconds: (performance.now() - startedAt) / 1_000 }
}

function best(run: () => unknown): number {
  return Math.min(...Array.from({ length: WARM_RUNS }, () => timed(run).seconds))
}

/** Megabytes. */
function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024)
}
