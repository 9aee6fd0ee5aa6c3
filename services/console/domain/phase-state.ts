/** What decides how a phase is shown. Instants in epoch ms. */
export interface PhaseInstants {
  opensAt: number
  closesAt: number
  closedAt: number | null
}

export type PhaseState = 'upcoming' | 'open' | 'ended' | 'closed'

/** A phase is open for `opensAt <= now < closesAt`, then ended until its owner has closed it. */
export function phaseState({ opensAt, closesAt, closedAt }: PhaseInstants, now: number): PhaseState {
  if (closedAt !== null) return 'closed'
  if (now < opensAt) return 'upcoming'
  return now < closesAt ? 'open' : 'ended'
}
