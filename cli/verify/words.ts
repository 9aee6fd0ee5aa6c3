import type { DrawStepName } from '../../contracts/draw.js'
import type { Fault } from '../../contracts/problems.js'
import type { Reason } from '../../contracts/rounds.js'
import type { FindingKind } from '../../services/allocation/domain/draw/verify/finding.js'
import type { FormFault } from '../../services/allocation/domain/draw/verify/read.js'
import type { Unreadable } from '../jsonFile.js'

/** Why a file cannot be read, or where it is not of its form. */
export type FileFault = Fault & { kind: FormFault['kind'] | Unreadable }

/** Everything `ruxue verify` says, in one language. */
export interface Words {
  title(draw: string, run: number, groups: number, units: number): string
  /** What a step is, and what was done again to check it. */
  steps: Record<DrawStepName, { name: string; again: string }>
  /** A step that is not there. */
  notYet: string
  frozen(group: string, count: number, list: string, root: string): string
  rule(hash: string): string
  witness(name: string, commitment: string): string
  beacon(round: number, chain: string, comesAt: string): string
  revealBy(instant: string, least: number, all: number): string
  revealed(name: string, at: string): string
  absent(name: string): string
  beaconSigned(round: number): string
  noDraw: string
  drawn(group: string, seed: string, placed: number, all: number): string
  by(names: string): string
  held(group: string, alarm: string): string
  /** Of a group held back: whether the digest that stands there is that of the result decided here. */
  decidedThen(isSame: boolean): string
  out(groups: string): string
  agreed(hash: string): string
  disagreed(count: number): string
  finding: Record<FindingKind, string>
  computed: string
  found: string
  more(count: number): string
  unreadable(file: string): string
  /** Why; `message` says it in English. */
  fault(kind: FileFault['kind'], message: string): string
  /** Of an inclusion proof. */
  notIncluded: string
  child: ChildWords
}

/** What it says about one unit. */
export interface ChildWords {
  notIn(unit: string): string
  title(unit: string, group: string): string
  line: string
  place(number: number, count: number, path: number): string
  noTicket: string
  ticket(ticket: string, rank: number, count: number): string
  held: string
  at(applicant: string, school: string, choice: number): string
  nowhere(applicant: string): string
  reasons: Record<Reason, string>
  waiting(school: string, rank: number, all: number): string
}
