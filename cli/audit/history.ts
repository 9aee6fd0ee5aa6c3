import { withSources, type AuditOptions } from './audit.js'
import { listEnrollments } from './sources/workflows.js'

/** History events a child, over all runs of its workflow. */
export interface HistoryFigures {
  children: number
  median: number
  p99: number
  max: number
}

/** How long the histories of a season's children are. */
export const historyFigures = (options: Pick<AuditOptions, 'season' | 'urls'>): Promise<HistoryFigures> =>
  withSources(options, async ({ temporal, season }) =>
    figuresOf([...(await listEnrollments(temporal, season)).values()].map(({ historyEvents }) => historyEvents)))

/** Nearest-rank quantiles; zeros where there is nothing. */
export function figuresOf(lengths: readonly number[]): HistoryFigures {
  const sorted = [...lengths].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { children: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) }
}
