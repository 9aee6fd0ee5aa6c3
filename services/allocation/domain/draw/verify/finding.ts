import type { DrawStepName } from '../../../../../contracts/draw.js'
import { jsonPointer } from '../../../../../platform/faults.js'

/** What can be wrong with a transcript that can be read. */
export const FINDINGS = [
  'step-missing', 'step-changed', 'hash-changed', 'previous-differs', 'previous-unexpected', 'too-early',
  'same-group', 'groups-differ', 'not-in-order', 'round-fault', 'entries-differ', 'applicant-changed', 'applicant-missing', 'leaf-differs',
  'count-differs', 'list-differs', 'root-differs', 'schools-differ', 'setting-differs', 'before-its-step',
  'rule-differs', 'same-witness', 'two-beacons', 'unknown-chain', 'round-too-early', 'reveal-by-wrong', 'least-wrong',
  'parts-differ', 'secret-differs', 'not-in-time', 'closed-too-early', 'randomness-differs', 'signature-wrong', 'previous-signature-wrong',
  'too-few-revealed', 'seed-differs', 'ticket-differs', 'result-missing', 'result-differs', 'result-digest-differs',
  'one-implementation', 'result-held-back',
] as const
export type FindingKind = (typeof FINDINGS)[number]

/** Something that does not agree, and where. */
export interface Finding {
  step: DrawStepName
  /** A JSON pointer. */
  at: string
  what: FindingKind
  computed?: string | undefined
  found?: string | undefined
  /** How many others there are of the same kind in the same group. */
  more?: number
}

const OF_GROUP = /^(?:\/(?:freeze|draw|check))?\/groups\/(\d+)(?:\/|$)/

/** Whether a JSON pointer into a transcript leads to a group, or to what a step says of it. */
export const isOfGroup = (at: string, index: number): boolean => OF_GROUP.exec(at)?.[1] === String(index)

/** Findings of one kind that are told one by one. */
const MOST = 5

type Values = Pick<Finding, 'computed' | 'found'>

/** Takes down what does not agree, in the order in which it is found. */
export class Findings {
  readonly all: Finding[] = []
  private readonly alike = new Map<string, number>()

  add(step: DrawStepName, path: readonly PropertyKey[], what: FindingKind, values: Values = {}): void {
    const kind = `${step} ${what} ${String(path[1])}`
    const before = this.alike.get(kind) ?? 0
    this.alike.set(kind, before + 1)
    if (before < MOST) this.all.push({ step, at: jsonPointer(path), what, ...values })
    else this.all.findLast((other) => other.step === step && other.what === what)!.more = before + 1 - MOST
  }

  /** Adds a finding unless what was found is what was computed. */
  compare(step: DrawStepName, path: readonly PropertyKey[], what: FindingKind, computed: string | number | null | undefined, found: string | number | null | undefined): void {
    if (computed !== found) this.add(step, path, what, { computed: String(computed), found: String(found) })
  }
}
