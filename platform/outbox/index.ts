export { enqueue } from './enqueue.js'
export type { OutboxProducer } from './forward.js'
export { startRelay, type Relay, type RelayOptions } from './relay.js'
