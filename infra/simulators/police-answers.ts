import { createHash } from 'node:crypto'

/** What the simulated police can do with a question. `slow` is a match that takes its time, `silent` no answer at all. */
export const POLICE_BEHAVIOURS = ['match', 'mismatch', 'unknown', 'slow', 'silent'] as const
export type PoliceBehaviour = (typeof POLICE_BEHAVIOURS)[number]

/** Share of the children for each behaviour, between 0 and 1; the rest match. */
export type PoliceShares = Partial<Record<Exclude<PoliceBehaviour, 'match'>, number>>

/** Mostly matches, and some of everything else. */
export const USUAL_SHARES: PoliceShares = { mismatch: 0.03, unknown: 0.03, slow: 0.06, silent: 0.02 }

/**
 * What the simulated police does about a child: the same for the same seed, ID number and shares, so that whoever
 * makes up the children knows beforehand.
 * @throws RangeError if the shares are negative or more than everybody
 */
export function policeAnswerFor(seed: number | string, idNumber: string, shares: PoliceShares = USUAL_SHARES): PoliceBehaviour {
  const wanted = Object.entries(shares) as [Exclude<PoliceBehaviour, 'match'>, number][]
  const sum = wanted.reduce((all, [, share]) => all + share, 0)
  if (sum > 1 || wanted.some(([, share]) => share < 0)) throw new RangeError(`shares must be between 0 and 1 together, not ${sum}`)
  let left = fraction(seed, idNumber)
  for (const [behaviour, share] of wanted.sort(([a], [b]) => POLICE_BEHAVIOURS.indexOf(a) - POLICE_BEHAVIOURS.indexOf(b))) {
    if (left < share) return behaviour
    left -= share
  }
  return 'match'
}

/** Evenly spread over [0, 1). */
function fraction(seed: number | string, idNumber: string): number {
  const hash = createHash('sha256').update(`${seed}/${idNumber}`).digest()
  return hash.readUIntBE(0, 6) / 2 ** 48
}
