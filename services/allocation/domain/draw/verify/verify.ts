import { DRAW_STEPS, type DrawTranscript } from '../../../../../contracts/draw.js'
import { checkChain } from './chain.js'
import { checkCommit } from './committed.js'
import { checkCheck, checkDraw, checkNotDrawn, isHeld } from './drawn.js'
import { Findings, isOfGroup, type Finding } from './finding.js'
import { checkFreeze } from './frozen.js'
import { checkReveal } from './revealed.js'

/** What a verification comes to. */
export interface Verdict {
  agreed: boolean
  /** The hash of the last step, which covers all others. */
  hash: string
  groups: GroupVerdict[]
  /** In the order of steps. */
  findings: Finding[]
}

/** What it comes to for one group. */
export interface GroupVerdict {
  id: string
  agreed: boolean
  held: boolean
  /** Of a group held back: whether its digest is that of the result decided here; without one, the round cannot be decided. */
  confirmed?: boolean
}

/**
 * Computes again everything in a transcript that can be computed, and compares; docs/draw.md says by which rules.
 * Needs nothing but the transcript.
 */
export function verifyDraw(transcript: DrawTranscript): Verdict {
  const findings = new Findings()
  const chain = checkChain(transcript, findings)
  const frozen = checkFreeze(transcript, chain, findings)
  const { commit, reveal, draw, check } = transcript
  if (commit) checkCommit(transcript, commit, chain, findings)
  if (commit && reveal) checkReveal(commit, reveal, chain, findings)
  const confirmed = commit && reveal && draw && checkDraw(transcript, { draw, reveal, chain }, frozen, findings)
  if (!confirmed) checkNotDrawn(transcript, findings)
  if (check) checkCheck(transcript, check, findings)
  return {
    agreed: findings.all.length === 0,
    hash: transcript[chain.steps.at(-1)!]!.hash,
    groups: transcript.groups.map(({ round: { id } }, index) => {
      const isConfirmed = confirmed?.get(index)
      const agreed = !findings.all.some(({ at }) => isOfGroup(at, index))
      return { id, agreed, held: isHeld(check, index), ...(isConfirmed !== undefined && { confirmed: isConfirmed }) }
    }),
    findings: inOrder(findings.all),
  }
}

const inOrder = (findings: readonly Finding[]): Finding[] => findings.toSorted((a, b) => DRAW_STEPS.indexOf(a.step) - DRAW_STEPS.indexOf(b.step))
