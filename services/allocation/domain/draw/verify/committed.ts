import type { CommitStep, DrandSource, DrawTranscript, WitnessSource } from '../../../../../contracts/draw.js'
import { sha256Hex } from '../../../../../platform/crypto.js'
import { chainOf, roundInstant } from '../chains.js'
import type { Chain } from './chain.js'
import type { Findings } from './finding.js'

/** Checks that the commit names the rule, and sources of which nobody could know what they would give. */
export function checkCommit({ rule }: DrawTranscript, commit: CommitStep, chain: Chain, findings: Findings): void {
  findings.compare('commit', chain.isIntact('commit') ? ['rule'] : ['commit', 'rule'], 'rule-differs', sha256Hex(rule), commit.rule)
  checkWitnesses(commit, findings)
  const beacons = commit.sources.flatMap((source, index) => (source.kind === 'drand' ? [{ source, index }] : []))
  for (const { source, index } of beacons) checkBeacon(commit, source, index, findings)
  if (beacons.length > 1) findings.add('commit', ['commit', 'sources', beacons[1]!.index], 'two-beacons')
}

export const isWitness = (source: { kind: string }): source is WitnessSource => source.kind === 'witness'

function checkWitnesses({ at, sources, revealBy, least }: CommitStep, findings: Findings): void {
  const seen = new Set<string>()
  for (const [index, source] of sources.entries()) {
    if (!isWitness(source)) continue
    for (const member of ['name', 'commitment'] as const) {
      if (seen.has(source[member])) findings.add('commit', ['commit', 'sources', index, member], 'same-witness', { found: source[member] })
      seen.add(source[member])
    }
  }
  const witnesses = sources.filter(isWitness).length
  const needed = witnesses === sources.length ? 1 : 0
  if (witnesses === 0 ? revealBy !== undefined : revealBy === undefined || revealBy < at) findings.add('commit', ['commit', 'revealBy'], 'reveal-by-wrong', { found: revealBy })
  if (witnesses === 0 ? least !== undefined : least === undefined || least < needed || least > witnesses) findings.add('commit', ['commit', 'least'], 'least-wrong', { found: String(least) })
}

function checkBeacon({ at, revealBy = at }: CommitStep, source: DrandSource, index: number, findings: Findings): void {
  const path = ['commit', 'sources', index]
  const chain = chainOf(source.chain)
  if (!chain) {
    findings.add('commit', [...path, 'chain'], 'unknown-chain', { found: source.chain })
    return
  }
  for (const member of ['publicKey', 'scheme'] as const) findings.compare('commit', [...path, member], 'unknown-chain', chain[member], source[member])
  const comesAt = roundInstant(chain, source.round)
  if (comesAt <= at || comesAt <= revealBy) findings.add('commit', [...path, 'round'], 'round-too-early', { computed: comesAt, found: revealBy })
}
