export * from './read.js'
export * from './store.js'
