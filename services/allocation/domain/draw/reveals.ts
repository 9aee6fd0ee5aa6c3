import type { CommitStep, DrawSource, RevealPart } from '../../../../contracts/draw.js'
import { DRAND_CHAINS } from './chains.js'
import { instantAfter } from './instants.js'

/** The name under which a source's answer is kept. */
export const nameOf = (source: DrawSource): string => (source.kind === 'witness' ? source.name : `drand ${source.chain}`)

export const drandName = (network: keyof typeof DRAND_CHAINS): string => `drand ${DRAND_CHAINS[network].chain}`

/** A part for each source of the commit, in their order; a witness of whom nothing has come in is absent. */
export function partsOf({ sources }: CommitStep, handedIn: ReadonlyMap<string, RevealPart>): RevealPart[] {
  return sources.map((source) => {
    const part = handedIn.get(nameOf(source))
    if (part) return part
    if (source.kind === 'drand') throw new Error('drand is never absent: its round has to be waited for')
    return { kind: 'witness', name: source.name, absent: true }
  })
}

export const absentIn = (parts: readonly RevealPart[]): string[] => parts.flatMap((part) => ('absent' in part ? [part.name] : []))

/** Whether as many witnesses have revealed as the commit asks for; otherwise there is no draw. */
export const isEnough = ({ least = 0 }: CommitStep, parts: readonly RevealPart[]): boolean => parts.filter((part) => 'secret' in part).length >= least

/** When the reveal is done: later than the time to reveal where somebody has used it up, never before what was handed in. */
export function revealInstant({ at, revealBy }: CommitStep, parts: readonly RevealPart[], now: number): string {
  const handedIn = parts.flatMap((part) => ('secret' in part ? [part.at] : []))
  const last = absentIn(parts).length > 0 ? revealBy! : [at, ...handedIn].sort().at(-1)!
  return instantAfter(last, now)
}
