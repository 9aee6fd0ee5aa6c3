import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import type { RoundMethod } from '../../../policies/language.js'
import { UsageError } from '../../usageError.js'
import type { Cast } from '../families.js'
import { castChangchun } from './changchun/families.js'
import { LEAST_ORDINARY, PARTS as CHANGCHUN } from './changchun/lives.js'
import { castJiulongpo } from './jiulongpo/cast.js'
import { LIFE, PARTS as JIULONGPO } from './jiulongpo/lives.js'
import { fewestChildren, TooFewChildrenError } from './lives.js'

interface Casting {
  make: (timeline: Timeline, children: number, seed: number) => Cast
  fewest: number
}

const JIULONGPOS: Casting = { make: castJiulongpo, fewest: fewestChildren(JIULONGPO, LIFE.ordinary.least) }
/** Casts made for one policy each. */
const CASTS: Record<string, Casting> = { 'jiulongpo-2023-primary': JIULONGPOS, 'jiulongpo-2023-junior': JIULONGPOS }
const CHANGCHUNS: Casting = { make: castChangchun, fewest: fewestChildren(CHANGCHUN, LEAST_ORDINARY) }

/** Rounds that Changchun's cast can play, in whatever order and calendar. */
const PLAYED: readonly RoundMethod[] = ['catchment', 'direct', 'lottery']

/** Nobody has written lives for such a policy. */
export class NoCastError extends UsageError {
  override readonly name = 'NoCastError'
}

/** For people: how many children the casts need. */
export const FEWEST_CHILDREN = `at least ${CHANGCHUNS.fewest}; ${Object.entries(CASTS).map(([policy, { fewest }]) => `${fewest} for ${policy}`).join(', ')}`

/**
 * The children of a rehearsal with the city they live in, all from one seed: a cast of the policy's own, else
 * Changchun's, which plays every policy of zones and draws.
 * @throws TooFewChildrenError, NoCastError
 */
export const castFamilies = (timeline: Timeline, children: number, seed: number): Cast => castOf(timeline).make(timeline, children, seed)

/**
 * Whether there is a cast for a policy, and enough children for it.
 * @throws TooFewChildrenError, NoCastError
 */
export function checkCast(timeline: Timeline, children: number): void {
  const { fewest } = castOf(timeline)
  if (children < fewest) throw new TooFewChildrenError(fewest)
}

function castOf(timeline: Timeline): Casting {
  const own = CASTS[timeline.policy.id]
  if (own) return own
  const other = phasesOfKind(timeline, 'round').find(({ method }) => !PLAYED.includes(method))
  if (other) throw new NoCastError(`no cast plays ${timeline.policy.id}: its round ${other.id} is ${other.method}, and there are casts of their own for ${Object.keys(CASTS).join(', ')} only`)
  return CHANGCHUNS
}
