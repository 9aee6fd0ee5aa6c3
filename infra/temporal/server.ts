import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { stopSignal } from '../stack/pids.js'
import type { Ports } from '../stack/ports.js'
import type { ServerSpec } from '../stack/process.js'
import type { OnProgress } from '../stack/progress.js'
import { temporalBinary } from './binary.js'
import { prepareNamespace, SEARCH_ATTRIBUTES } from './namespace.js'

/** A Temporal development server ready to be run. */
export interface PreparedTemporal {
  readonly spec: ServerSpec
  readonly address: string
  readonly uiUrl: string
  /** Prometheus metrics of the server. */
  readonly metricsUrl: string
}

/** Memory for less garbage collection. */
const GOGC = '400'

/** Prepares a Temporal server with its file database in the state folder. */
export async function prepareTemporal(stateDir: string, ports: Ports, onProgress: OnProgress): Promise<PreparedTemporal> {
  const program = await temporalBinary(onProgress)
  await mkdir(join(stateDir, 'temporal'), { recursive: true })
  const address = `127.0.0.1:${ports.temporal}`
  const spec: ServerSpec = {
    name: 'temporal',
    program,
    args: ['server', 'start-dev', ...listening(ports), ...storage(stateDir), ...settings(), ...attributes(), '--log-level', 'warn'],
    // The person's own Temporal settings must not reach our server.
    env: { TEMPORAL_ENV: 'default', TEMPORAL_CONFIG_FILE: join(stateDir, 'temporal', 'none.toml'), GOGC },
    logFile: join(stateDir, 'logs', 'temporal.log'),
    stopSignal: stopSignal('temporal'),
    ready: () => prepareNamespace(address),
  }
  const metricsUrl = `http://127.0.0.1:${ports.temporalMetrics}/metrics`
  return { spec, address, uiUrl: `http://127.0.0.1:${ports.temporalUi}`, metricsUrl }
}

function listening(ports: Ports): string[] {
  const pairs = { '--ip': '127.0.0.1', '--port': ports.temporal, '--ui-port': ports.temporalUi, '--http-port': ports.temporalHttp, '--metrics-port': ports.temporalMetrics }
  return [...Object.entries(pairs).flatMap(([flag, value]) => [flag, String(value)]), '--ui-disable-news-fetch']
}

// Write-ahead logging without a forced write a commit: outlives kill -9, not a power failure, like our PostgreSQL.
// As with the local PostgreSQL: what was committed outlives `kill -9`, a power failure may lose it.
function storage(stateDir: string): string[] {
  const file = join(stateDir, 'temporal', 'temporal.db')
  const pragmas = ['journal_mode=WAL', 'synchronous=OFF', 'wal_autocheckpoint=10000']
  return ['--db-filename', file, ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma])]
}

// The default rates are those of a laptop experiment; a season starts thousands of workflows in a burst. Timers allow for
// clocks of several machines a second apart, which makes each shorter one a second long; here there is one clock.
function settings(): string[] {
  const rates = { 'frontend.rps': 20_000, 'frontend.namespaceRPS': 20_000, 'matching.rps': 20_000, 'history.rps': 50_000 }
  const values = { ...rates, 'history.timerProcessorMaxTimeShift': '"100ms"' }
  return Object.entries(values).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`])
}

function attributes(): string[] {
  return Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`])
}
