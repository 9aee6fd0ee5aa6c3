export * from './bundle.js'
export * from './connect.js'
export * from './log.js'
export * from './worker.js'
