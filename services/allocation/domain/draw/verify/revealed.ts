import type { CommitStep, DrandReveal, DrandSource, RevealPart, RevealStep, WitnessAbsence, WitnessReveal, WitnessSource } from '../../../../../contracts/draw.js'
import { isSigned, randomnessOf } from '../beacon.js'
import { chainOf, roundInstant } from '../chains.js'
import { commitmentOf } from '../witness.js'
import type { Chain } from './chain.js'
import { isWitness } from './committed.js'
import type { Findings } from './finding.js'

/** Bytes of a previous signature on a chained network. */
const PREVIOUS_HEX = 2 * 96

/** Checks that what was revealed is what was committed to. */
export function checkReveal(commit: CommitStep, reveal: RevealStep, chain: Chain, findings: Findings): void {
  const { sources } = commit
  findings.compare('reveal', ['reveal', 'parts'], 'parts-differ', sources.length, reveal.parts.length)
  for (const [index, part] of reveal.parts.entries()) {
    const source = sources[index]
    if (source?.kind === 'witness' && part.kind === 'witness') checkWitness({ commit, reveal, source, part, index, chain, findings })
    else if (source?.kind === 'drand' && part.kind === 'drand') checkBeacon({ reveal, source, part, index, findings })
    else if (source) findings.compare('reveal', ['reveal', 'parts', index, 'kind'], 'parts-differ', source.kind, part.kind)
  }
}

/** How many witnesses have revealed. */
export const revealedBy = ({ parts }: RevealStep): number => parts.filter((part) => isWitness(part) && !isAbsent(part)).length

export const isAbsent = (part: RevealPart): part is WitnessAbsence => 'absent' in part

interface WitnessCheck {
  commit: CommitStep
  reveal: RevealStep
  source: WitnessSource
  part: WitnessReveal | WitnessAbsence
  index: number
  chain: Chain
  findings: Findings
}

function checkWitness({ commit, reveal, source, part, index, chain, findings }: WitnessCheck): void {
  const path = ['reveal', 'parts', index]
  // What the commit says is as it was, or was changed itself.
  const placeOf = (here: string, there: string) => (chain.isIntact('commit') ? [...path, here] : ['commit', 'sources', index, there])
  findings.compare('reveal', placeOf('name', 'name'), 'parts-differ', source.name, part.name)
  if (isAbsent(part)) {
    if (commit.revealBy !== undefined && reveal.at <= commit.revealBy) findings.add('reveal', ['reveal', 'at'], 'closed-too-early', { computed: commit.revealBy, found: reveal.at })
    return
  }
  if (part.at <= commit.at || part.at > reveal.at || (commit.revealBy !== undefined && part.at > commit.revealBy)) findings.add('reveal', [...path, 'at'], 'not-in-time', { found: part.at })
  findings.compare('reveal', placeOf('secret', 'commitment'), 'secret-differs', commitmentOf(chain.hashOf('freeze'), source.name, part.secret), source.commitment)
}

interface BeaconCheck {
  reveal: RevealStep
  source: DrandSource
  part: DrandReveal
  index: number
  findings: Findings
}

function checkBeacon({ reveal, source, part, index, findings }: BeaconCheck): void {
  const path = ['reveal', 'parts', index]
  findings.compare('reveal', [...path, 'round'], 'parts-differ', source.round, part.round)
  findings.compare('reveal', [...path, 'randomness'], 'randomness-differs', randomnessOf(part.signature), part.randomness)
  const chain = chainOf(source.chain)
  if (!chain) return
  const comesAt = roundInstant(chain, source.round)
  if (reveal.at < comesAt) findings.add('reveal', ['reveal', 'at'], 'closed-too-early', { computed: comesAt, found: reveal.at })
  const isChained = chain.scheme === 'pedersen-bls-chained'
  if (isChained ? part.previousSignature?.length !== PREVIOUS_HEX : part.previousSignature !== undefined) findings.add('reveal', [...path, 'previousSignature'], 'previous-signature-wrong')
  else if (!isSigned(chain, part)) findings.add('reveal', [...path, 'signature'], 'signature-wrong')
}
