/** Services that a process may serve. */
export const SERVED = ['registration', 'verification', 'allocation', 'notification', 'console'] as const
export type Served = (typeof SERVED)[number]

/** Workers that a process may run, and the bridge. */
export const WORKED = ['season', 'round', 'enrollment', 'bridge'] as const
export type Worked = (typeof WORKED)[number]
