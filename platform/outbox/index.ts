export { enqueue } from './enqueue.js'
export type { OutboxProducer } from './forward.js'
export { measureOutbox } from './metrics.js'
export { startRelay, type Relay, type RelayOptions } from './relay.js'
