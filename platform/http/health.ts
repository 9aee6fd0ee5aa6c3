import type { Express } from 'express'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.js'
import { databaseSkewMs } from '../clock.js'
import type { Sql } from '../postgres/sql.js'

/** Something without which a process is not ready; throws with the reason if it is not there. */
export interface Check {
  name: string
  check(): Promise<void>
}

/** PostgreSQL answers, and its clock and ours agree: windows are judged by both. */
export const databaseCheck = (sql: Sql, clock: Clock, maxClockSkewMs: number): Check => ({
  name: 'postgres',
  async check() {
    const skewMs = await databaseSkewMs(sql, clock)
    if (Math.abs(skewMs) > maxClockSkewMs) {
      throw new Error(`the clock is ${Math.round(skewMs)} ms off PostgreSQL's, at most ${maxClockSkewMs} ms are allowed`)
    }
  },
})

export interface Readiness {
  ready: boolean
  checks: Record<string, string>
}

const CHECK_TIMEOUT_MS = 2_000

/** Runs all checks side by side; one that does not answer in 2 s is not ready. */
export async function readinessOf(checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(checks.map(async ({ name, check }) => [name, await resultOf(check)] as const))
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}

async function resultOf(check: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_TIMEOUT_MS} ms`), CHECK_TIMEOUT_MS)
  })
  const result = check().then(() => 'ok', (error: unknown) => (error instanceof Error ? error.message : 'not ready'))
  return Promise.race([result, late]).finally(() => clearTimeout(timer))
}

/** `/healthz` (alive), `/readyz` (may get traffic), `/metrics` (Prometheus text). */
export function mountHealth(app: Express, ready: () => Promise<Readiness>, registries: readonly Registry[]): void {
  app.get('/healthz', (_request, response) => {
    response.json({ alive: true })
  })
  app.get('/readyz', async (_request, response) => {
    const readiness = await ready()
    response.status(readiness.ready ? 200 : 503).json(readiness)
  })
  app.get('/metrics', async (_request, response) => {
    const texts = await Promise.all(registries.map((registry) => registry.metrics()))
    response.type('text/plain; version=0.0.4').send(texts.join('\n'))
  })
}
