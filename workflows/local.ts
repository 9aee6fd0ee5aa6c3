/**
 * Options of local activities: short, harmless to repeat, many, so that each costs one event. They must come through in
 * the end: what finds nobody or no answer yet is tried again by a timer, later and later. A worker that waited by itself
 * would keep the workflow from hearing anything else meanwhile.
 */
export const LOCAL = {
  startToCloseTimeout: '10 seconds',
  localRetryThreshold: '100 milliseconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
} as const
