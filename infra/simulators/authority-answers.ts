import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { askedFact, factAnswer } from '../../contracts/http/authority.js'
import type { FactValue } from '../../contracts/facts.js'

/**
 * What a simulated authority can do with an inquiry: answer everything as declared, or with other values, say that it
 * does not know, answer as declared after a while, or never.
 */
export const BEHAVIOURS = ['match', 'other', 'unknown', 'slow', 'silent'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/** Share of the children for each behaviour, between 0 and 1; the rest match. */
export type Shares = Partial<Record<Exclude<Behaviour, 'match'>, number>>

/** Mostly matches, and some of everything else. */
export const USUAL_SHARES: Shares = { other: 0.03, unknown: 0.03, slow: 0.06, silent: 0.02 }

/**
 * What a simulated authority does about a child: the same for the same seed, authority, ID number and shares, so that
 * whoever makes up the children knows beforehand.
 * @throws RangeError if the shares are negative or more than everybody
 */
export function behaviourFor(seed: number | string, authority: string, idNumber: string, shares: Shares = USUAL_SHARES): Behaviour {
  const wanted = Object.entries(shares) as [Exclude<Behaviour, 'match'>, number][]
  const sum = wanted.reduce((all, [, share]) => all + share, 0)
  if (sum > 1 || wanted.some(([, share]) => share < 0)) throw new RangeError(`shares must be between 0 and 1 together, not ${sum}`)
  let left = fraction(`${seed}/${authority}/${idNumber}`)
  for (const [behaviour, share] of wanted.sort(([a], [b]) => BEHAVIOURS.indexOf(a) - BEHAVIOURS.indexOf(b))) {
    if (left < share) return behaviour
    left -= share
  }
  return 'match'
}

/** Evenly spread over [0, 1). */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48
}

type Asked = z.output<typeof askedFact>
type Answer = z.output<typeof factAnswer>

/**
 * The answer about one fact.
 * @param declared whether the family declared it
 * @param planned the value to answer with, null for none; absent: what the behaviour makes of the declared one
 */
export function answerAbout(behaviour: Behaviour, asked: Asked, declared: boolean, planned?: FactValue | null): Answer {
  if (behaviour === 'unknown') return { says: 'unknown' }
  if (planned === null) return { says: 'none' }
  if (planned !== undefined) return { says: 'value', value: planned }
  if (behaviour === 'other') return otherThan(asked)
  return declared ? { says: 'value', value: 'confirmed' } : { says: 'none' }
}

const YEAR_LATER = (day: string): string => `${Number(day.slice(0, 4)) + 1}-${day.slice(5, 7)}-28`

/** A value of the fact's type that is not the declared one; none where one cannot be made up. */
function otherThan({ type, of = [], declared }: Asked): Answer {
  const value = ((): FactValue | undefined => {
    switch (type) {
      case 'address':
        return 'differs'
      case 'yes-no':
        return declared !== true
      case 'one-of':
        return of.find((each) => each !== declared)
      case 'date':
        return typeof declared === 'string' ? YEAR_LATER(declared) : undefined
      case 'number':
        return typeof declared === 'number' ? declared + 1 : undefined
      case 'percent':
        return typeof declared === 'number' ? (declared > 0 ? declared - 1 : 1) : undefined
      default:
        return undefined
    }
  })()
  return value === undefined ? { says: 'none' } : { says: 'value', value }
}
