import type { SeasonOutline } from './plan.js'
import type { SelfTime } from './profile.js'

/** Which workflows a worker process runs. */
export type Variant = 'enrollment' | 'bare'

export const BARE = { workflow: 'bare', taskQueue: 'bare' } as const

/** What a worker process is asked; it answers each in turn. */
export type Ask = { ask: 'plan'; outline: SeasonOutline } | { ask: 'cpu' | 'start-profile' | 'stop-profile' | 'stop' }

/** Its answers. */
export interface Answers {
  plan: void
  /** Processor time of all its threads so far (ms). */
  cpu: number
  'start-profile': void
  'stop-profile': SelfTime[]
  stop: void
}
