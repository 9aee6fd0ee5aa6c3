import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import type { RoundMethod } from '../../../policies/language.js'
import type { Cast } from '../families.js'
import { castChangchun } from './changchun/families.js'
import { castJiulongpo } from './jiulongpo/cast.js'

/** Casts made for one policy each. */
const CASTS: Record<string, (timeline: Timeline, children: number, seed: number) => Cast> = {
  'jiulongpo-2023-primary': castJiulongpo,
  'jiulongpo-2023-junior': castJiulongpo,
}

/** Rounds that Changchun's cast can play, in whatever order and calendar. */
const PLAYED: readonly RoundMethod[] = ['catchment', 'direct', 'lottery']

/** Nobody has written lives for such a policy. */
export class NoCastError extends Error {
  override readonly name = 'NoCastError'
}

/**
 * The children of a rehearsal with the city they live in, all from one seed: a cast of the policy's own, else
 * Changchun's, which plays every policy of zones and draws.
 * @throws RangeError if there are too few children for every life to occur; NoCastError
 */
export function castFamilies(timeline: Timeline, children: number, seed: number): Cast {
  const own = CASTS[timeline.policy.id]
  if (own) return own(timeline, children, seed)
  const other = phasesOfKind(timeline, 'round').find(({ method }) => !PLAYED.includes(method))
  if (other) throw new NoCastError(`no cast plays ${timeline.policy.id}: its round ${other.id} is ${other.method}, and there are casts of their own for ${Object.keys(CASTS).join(', ')} only`)
  return castChangchun(timeline, children, seed)
}
