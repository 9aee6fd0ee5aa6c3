import Table from 'cli-table3'
import { WAYS } from '../../policies/language.js'
import { REASONS } from '../../workflows/enrollment/ending.js'
import { phaseById, phasesOfKind, type Timeline } from '../../policies/timeline.js'
import type { Story } from './stories.js'

/** Columns of the result table: how a child came to its seat, or left without one. */
function columnsOf(timeline: Timeline): string[] {
  const ranked = phasesOfKind(timeline, 'round').filter(({ method }) => method === 'ranked').map(({ id }) => id)
  const reasons = [...Object.values(REASONS), ...phasesOfKind(timeline, 'closing').map(({ ends }) => ends)]
  return ['catchment', 'straight up', 'draw', 'without a draw', 'near home', ...ranked, 'other round', 'arranged', ...WAYS, 'withdrawn', ...reasons, 'open']
}

export interface DistrictResult {
  district: string
  children: number
  /** By column, in the table's order. */
  ends: Record<string, number>
  /** Seats given up by not coming; such a child is also under how it ended. */
  waived: number
}

/** End state → children, for the report. */
export function countEnds(timeline: Timeline, stories: readonly Story[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const story of stories) {
    const end = endOf(timeline, story, drawnSchools(timeline, stories))
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}

/** The results by district and route, a last line for all. */
export function resultsByDistrict(timeline: Timeline, stories: readonly Story[]): DistrictResult[] {
  const drawn = drawnSchools(timeline, stories)
  const districts = [...new Set(stories.map(({ family }) => family.home.district))].sort()
  const rows = districts.map((district) => summarise(timeline, district, stories.filter(({ family }) => family.home.district === district), drawn))
  return [...rows, summarise(timeline, 'all', stories, drawn)]
}

function summarise(timeline: Timeline, district: string, stories: readonly Story[], drawn: ReadonlySet<string>): DistrictResult {
  const ends = Object.fromEntries(columnsOf(timeline).map((end) => [end, 0]))
  for (const story of stories) {
    const end = endOf(timeline, story, drawn)
    ends[end] = (ends[end] ?? 0) + 1
  }
  return { district, children: stories.length, ends, waived: stories.filter((story) => waived(timeline, story)).length }
}

/** Rounds with the schools at which somebody was turned away: there a draw decided. */
function drawnSchools(timeline: Timeline, stories: readonly Story[]): ReadonlySet<string> {
  const drawn = new Set<string>()
  for (const { id } of phasesOfKind(timeline, 'round').filter(({ method }) => method === 'lottery')) {
    for (const { outcomes, receipts } of stories) {
      if (outcomes[id] !== 'not-admitted') continue
      for (const school of receipts.filter(({ kind }) => kind === 'choice').at(-1)?.schools ?? []) drawn.add(`${id}/${school}`)
    }
  }
  return drawn
}

function endOf(timeline: Timeline, { end }: Story, drawn: ReadonlySet<string>): string {
  if (!end) return 'open'
  if (end.kind === 'ended') return end.reason
  if (end.kind !== 'enrolled') return end.kind
  const round = phaseById(timeline, end.round)
  if (round.kind !== 'round') return 'other round'
  switch (round.method) {
    case 'catchment':
      return 'catchment'
    case 'direct':
      return 'straight up'
    case 'lottery':
      return drawn.has(`${end.round}/${end.school}`) ? 'draw' : 'without a draw'
    case 'residual':
      return 'near home'
    case 'ranked':
      return round.id
    case 'named':
      return 'other round'
  }
}

function waived(timeline: Timeline, { outcomes }: Story): boolean {
  return [...phasesOfKind(timeline, 'check-in'), ...phasesOfKind(timeline, 'confirmation')].some(({ id }) => outcomes[id] === 'missed')
}

/** The table a person reads; columns nobody is in are left out. */
export function resultTable(results: readonly DistrictResult[]): string {
  const used = Object.keys(results[0]?.ends ?? {}).filter((end) => results.some(({ ends }) => ends[end]! > 0))
  const table = new Table({
    head: ['district', 'children', ...used.map(broken), 'seat waived'],
    style: { head: [], border: [] },
    colAligns: ['left', ...Array<'right'>(used.length + 2).fill('right')],
  })
  for (const { district, children, ends, waived: given } of results) table.push([district, children, ...used.map((end) => ends[end]), given])
  return table.toString()
}

/** Longest head that stays on one line. */
const LINE = 14

const broken = (head: string): string => (head.length > LINE ? head.replaceAll('-', '-\n') : head)
