import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import { createClient } from '../../platform/http/client.js'
import { tokenSource } from '../../platform/auth.js'
import { runningPlatform } from '../platform/target.js'
import { stateDirOption } from '../stateDir.js'

const MEDIA: Record<string, string> = {
  '.csv': 'text/csv',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const POLL_MS = 1_000
const FAULTS_SHOWN = 20

interface ImportOptions {
  season: string
  state: string
  id?: string
  json?: boolean
}

/** `ruxue import`: a roster into a season of the running platform, with progress. Exit code 1 if rows were rejected. */
export function importCommand(): Command {
  return new Command('import')
    .description('import a roster (CSV or Excel) into a season; the same import again goes on where it stopped')
    .argument('<file>', 'roster, .csv or .xlsx')
    .requiredOption('--season <id>', 'season')
    .option('--id <name>', 'name of this import; the file name unless given')
    .option('--json', 'print the report as JSON')
    .addOption(stateDirOption())
    .addHelpText('after', '\nExample:\n  ruxue import roster.xlsx --season changchun-2022\n')
    .action(importRoster)
}

async function importRoster(file: string, options: ImportOptions): Promise<void> {
  const media = MEDIA[extname(file).toLowerCase()]
  if (media === undefined) throw new InvalidArgumentError(`${file}: a roster is .csv or .xlsx`)
  const { size } = await stat(file)
  const target = await runningPlatform(options.state)
  const token = tokenSource(target.issuer, { subject: 'command-line', role: 'ops' })
  const client = createClient(registrationEndpoints, { baseUrl: target.addresses.registration, token })
  const params = { season: options.season, import: options.id ?? basename(file).replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64) }
  const watching = setInterval(() => void client.getImport({ params }).then(tell, () => undefined), POLL_MS)
  try {
    const report = await client.importRoster({
      params, headers: { 'content-type': media, 'content-length': String(size) }, body: createReadStream(file) as never, timeoutMs: 3_600_000,
    })
    tell(report)
    if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    if (report.rejected > 0) await tellFaults(client, params)
  } finally {
    clearInterval(watching)
  }
}

type Client = ReturnType<typeof createClient<typeof registrationEndpoints>>
type Params = { season: string; import: string }

function tell({ rows, accepted, unchanged, rejected }: { rows: number; accepted: number; unchanged: number; rejected: number }): void {
  process.stderr.write(`${rows} rows: ${accepted} accepted, ${unchanged} unchanged, ${rejected} rejected\n`)
}

async function tellFaults(client: Client, params: Params): Promise<void> {
  const { faults, next } = await client.listImportFaults({ params, query: { limit: FAULTS_SHOWN } })
  for (const { row, field, reason } of faults) process.stderr.write(`  row ${row}, ${field}: ${reason}\n`)
  if (next !== undefined) process.stderr.write('  … and more: GET /seasons/:season/imports/:import/faults\n')
  process.exitCode = 1
}
