import { Counter, Gauge, type Registry } from 'prom-client'

export interface BridgeMetrics {
  started: Counter
  told: Counter<'type'>
  late: Counter<'type'>
  waiting: Gauge<'topic'>
}

export const bridgeMetrics = (registry: Registry): BridgeMetrics => ({
  started: new Counter({ name: 'ruxue_bridge_started_total', help: 'Starting facts handed to children’s workflows', registers: [registry] }),
  told: new Counter({ name: 'ruxue_bridge_told_total', help: 'Facts told to children’s workflows', labelNames: ['type'], registers: [registry] }),
  late: new Counter({ name: 'ruxue_bridge_late_total', help: 'Facts for children whose season has ended', labelNames: ['type'], registers: [registry] }),
  waiting: new Gauge({ name: 'ruxue_bridge_waiting', help: 'Children of the batch in hand whose workflow is not there yet', labelNames: ['topic'], registers: [registry] }),
})
