import type { Pool } from 'pg'
import { Gauge, type Registry } from 'prom-client'

/**
 * Adds to a service's metrics how many events wait in its outbox; read when the metrics are asked for. It grows
 * while Kafka is away or no relay leads.
 */
export function measureOutbox(registry: Registry, pool: Pool): void {
  new Gauge({
    name: 'ruxue_outbox_waiting',
    help: 'Events that Kafka has not acknowledged yet',
    registers: [registry],
    async collect() {
      const { rows } = await pool.query<{ waiting: number }>('SELECT count(*)::int AS waiting FROM platform.outbox')
      this.set(rows[0]?.waiting ?? 0)
    },
  })
}
