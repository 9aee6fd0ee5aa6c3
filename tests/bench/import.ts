import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import { generateClients } from '../../infra/prisma/generate.js'
import { migrate } from '../../infra/prisma/migrate.js'
import { startStack } from '../../infra/stack/stack.js'
import { createIssuer, generateTokenKeys } from '../../platform/auth.js'
import { createClient } from '../../platform/http/index.js'
import { databaseUrl } from '../../platform/postgres/index.js'
import { loadPolicy } from '../../policies/load.js'
import { ROSTER_DISTRICTS, writeCsvRoster, writeExcelRoster } from './rosterFiles.js'
import { administer } from '../support/administer.js'

const SEASON = 'changchun-2022'
const TYPES = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const

interface Measured {
  format: keyof typeof TYPES
  rows: number
  accepted: number
  fileMb: number
  seconds: number
  rowsPerSecond: number
  /** Processor seconds of the service's process. */
  cpuSeconds: number
  /** Highest resident memory of the service's process. */
  peakMb: number
}

/** Measures one import: a database of its own, the service in a process of its own, the file over HTTP. */
async function measure(format: keyof typeof TYPES, path: string, postgresUrl: string, kafkaBrokers: string): Promise<Measured> {
  const databasePrefix = `bench${randomBytes(4).toString('hex')}_`
  const url = databaseUrl({ postgresUrl, databasePrefix }, 'registration')
  await migrate('registration', url)
  const folder = await mkdtemp(join(tmpdir(), 'ruxue-bench-'))
  const keys = await generateTokenKeys()
  await writeFile(join(folder, 'keys.json'), JSON.stringify(keys))
  const service = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('../../services/registration/serve.fixture.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env, RUXUE_POSTGRES_URL: postgresUrl, RUXUE_DATABASE_PREFIX: databasePrefix, RUXUE_KAFKA_BROKERS: kafkaBrokers,
      RUXUE_ID_KEY: randomBytes(32).toString('hex'), RUXUE_TOKEN_KEYS: join(folder, 'keys.json'),
    },
  })
  try {
    const [baseUrl] = (await once(createInterface(service.stdout), 'line')) as [string]
    const issuer = await createIssuer(keys)
    const platform = createClient(seasonEndpoints, { baseUrl, token: () => issuer.sign({ subject: 'bench', role: 'service' }, 600) })
    await platform.installSeason({ params: { season: SEASON }, body: { timeline: (await loadPolicy(SEASON)).timeline } })
    await addCatalogue(url)
    const city = createClient(registrationEndpoints, { baseUrl, token: () => issuer.sign({ subject: 'bureau', role: 'city' }, 3_600), timeoutMs: 600_000 })
    const before = await usageOf(service)
    const startedAt = performance.now()
    const report = await city.importRoster({ params: { season: SEASON, import: 'roster' }, body: createReadStream(path) as never, headers: { 'content-type': TYPES[format] } })
    const seconds = (performance.now() - startedAt) / 1_000
    const after = await usageOf(service)
    return {
      format, rows: report.rows, accepted: report.accepted, fileMb: round((await stat(path)).size / 1e6), seconds: round(seconds),
      rowsPerSecond: Math.round(report.rows / seconds), cpuSeconds: round(after.cpuSeconds - before.cpuSeconds), peakMb: after.peakMb,
    }
  } finally {
    service.kill()
    await rm(folder, { recursive: true, force: true })
    await administer(postgresUrl, `DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`)
  }
}

/** Districts alone: no row of these rosters names a school. */
async function addCatalogue(url: string): Promise<void> {
  const districts = ROSTER_DISTRICTS.map((id) => `('${SEASON}', '${id}')`).join(', ')
  await administer(url, `INSERT INTO catalogue (season, schools, zones) VALUES ('${SEASON}', 0, 0); INSERT INTO district (season, id) VALUES ${districts}`)
}

const TICKS_PER_SECOND = 100

/** From Linux's /proc. */
async function usageOf({ pid }: ChildProcess): Promise<{ cpuSeconds: number; peakMb: number }> {
  const [status, ticks] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')])
  const [user = 0, system = 0] = ticks.slice(ticks.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
  return { cpuSeconds: (user + system) / TICKS_PER_SECOND, peakMb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024) }
}

const round = (value: number): number => Math.round(value * 10) / 10

const program = new Command('import')
  .description('Measures the import of a made-up roster over HTTP: time, processor time and peak memory of the service (Linux)')
  .option('--rows <n>', 'children in the roster', '170000')
  .option('--json', 'machine-readable result')
  .parse()
const options = program.opts<{ rows: string; json?: boolean }>()
const stateDir = await mkdtemp(join(tmpdir(), 'ruxue-bench-state-'))
const progress = (message: string) => process.stderr.write(`${message}\n`)
const stack = await startStack({ stateDir, onProgress: ({ part, message }) => progress(`[${part}] ${message}`) })
try {
  await generateClients()
  const files = { csv: join(stateDir, 'roster.csv'), xlsx: join(stateDir, 'roster.xlsx') }
  progress(`writing rosters of ${options.rows} children`)
  await writeCsvRoster(files.csv, Number(options.rows), 7)
  await writeExcelRoster(files.xlsx, Number(options.rows), 7)
  const results: Measured[] = []
  for (const format of ['csv', 'xlsx'] as const) {
    progress(`importing ${format}, load ${loadavg()[0]?.toFixed(1)}`)
    results.push(await measure(format, files[format], stack.postgresUrl, stack.kafkaBrokers))
  }
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  else console.table(results)
} finally {
  await stack.stop()
  await rm(stateDir, { recursive: true, force: true })
}
