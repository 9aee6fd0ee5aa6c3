import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { SeasonActivities } from '../../activities/ports.js'
import { LOCAL } from '../local.js'

/**
 * The calendar's own steps, each once a phase and idempotent: tried until they come through, because everything
 * after them waits.
 */
export const { installSeason, closePhase, publishVacancies, closeSeason } = proxyActivities<SeasonActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
})

/** A person waits for this one: tried for a short while only. */
export const { extendPhase } = proxyActivities<SeasonActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
})

/** Looks again and again until no child is left open; a look that finds one costs no event. */
export const { awaitEnrollments } = proxyActivities<SeasonActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.1, maximumInterval: '10 seconds' },
})

/** Announcements: nobody looks for them in a history. */
export const { publishOpened, publishExtended, publishPhaseClosed, publishClosed } = proxyLocalActivities<SeasonActivities>(LOCAL)
