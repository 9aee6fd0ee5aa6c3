export * from './read.js'
export * from './store.js'
export { learnerComponent, readingOf, type Reading } from './learner.js'
