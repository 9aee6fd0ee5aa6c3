import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { auditSeason } from '../audit/audit.js'
import { ledgerFile, runningPlatform } from '../platform/target.js'
import { auditUrls } from '../rehearsal/report.js'
import { stateDirOption } from '../stateDir.js'

/** `ruxue audit`: does everything about a season hold together? Exit code 1 if not. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('audit a season of the running platform: seats, deadlines, receipts, ends, agreement, rounds (exit code 1 if something does not hold)')
    .argument('<season>', 'season id')
    .addOption(stateDirOption())
    .option('--json', 'print JSON')
    .action(audit)
}

async function audit(season: string, { state, json }: { state: string; json?: boolean }): Promise<void> {
  const target = await runningPlatform(state)
  const ledger = ledgerFile(target.stateDir, season)
  const report = await auditSeason({ season, urls: auditUrls(target.stack), ...(existsSync(ledger) && { ledger }) })
  if (!report.ok) process.exitCode = 1
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  for (const { check, what, where } of report.violations) process.stdout.write(`${check}: ${what} (${where})\n`)
  process.stdout.write(`${report.ok ? 'holds' : `${report.violations.length} violations`}; looked at ${Object.entries(report.counted).map(([name, count]) => `${count} ${name}`).join(', ')}\n`)
}
