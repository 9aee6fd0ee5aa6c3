import type { RehearsalReport } from './report.js'
import { resultTable } from './outcomes.js'

/** Tells a person how a rehearsal went: the results, what was missing, the audit, the figures. */
export function tellReport(report: RehearsalReport, write: (text: string) => void = (text) => void process.stdout.write(text)): void {
  const { historyEvents: events, audit } = report
  write(`\n${report.season}: ${report.children} children, a season of ${report.seconds} s\n${resultTable(report.districts)}\n`)
  write(report.missing.length === 0 ? 'Everything a rehearsal must show occurred.\n' : `Did not occur: ${report.missing.join('; ')}\n`)
  write(audit.ok ? 'Audit: holds.\n' : `Audit: ${audit.violations.length} violations\n${audit.violations.map(({ check, what, where }) => `  ${check}: ${what} (${where})\n`).join('')}`)
  write(`History events a child: median ${events.median}, 99th percentile ${events.p99}, most ${events.max}\n`)
  write(`${report.workflowsPerSecond} workflows/s, ${report.eventsPerSecond} events/s over the run\n`)
  write(`Peak memory (MiB): ${listed(report.peakMemoryMb)}\n`)
  write(`Processor time (s): ${listed(report.cpuSeconds)}\n\n`)
}

const listed = (figures: Record<string, number>): string => Object.entries(figures).map(([name, figure]) => `${name} ${figure}`).join(', ')
