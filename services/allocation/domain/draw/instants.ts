/** The instant of a step as a transcript has it, and later than the one before: steps that follow at once count up. */
export const instantAfter = (previous: string | undefined, now: number): string =>
  new Date(Math.max(Math.floor(now), previous === undefined ? 0 : Date.parse(previous) + 1)).toISOString()

/** How long witnesses have after the commit (ms). */
export const timeToReveal = ({ at, revealBy }: { at: string; revealBy?: string | undefined }): number => (revealBy === undefined ? 0 : Date.parse(revealBy) - Date.parse(at))
