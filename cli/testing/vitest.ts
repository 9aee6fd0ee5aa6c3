import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runTool, type Count } from './tool.js'

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
}

/** Runs vitest with the arguments and counts its tests. */
export async function runTests(args: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'ruxue-report-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const exitCode = await runTool('vitest', ['run', ...reporters, ...args])
    const report = await readFile(file, 'utf8').catch(() => undefined)
    if (report === undefined) return { passed: 0, failed: 1 }
    const selects = args.length > 0
    return count(JSON.parse(report) as VitestReport, exitCode, selects)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Counts a report so that nothing that went wrong is missed: a file that could not be loaded and an error outside
 * the tests count as failures, and so does a skipped test unless the run selects some tests.
 */
export function count(report: VitestReport, exitCode: number, selects: boolean): Count {
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length
  const skipped = selects ? 0 : report.numPendingTests + report.numTodoTests
  const failed = report.numFailedTests + unloaded + skipped
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed }
}
