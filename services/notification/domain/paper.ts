import { sha256Hex } from '../../../platform/crypto.js'
import type { Way } from '../../../policies/language.js'

export const PAPER_KINDS = ['place-notice', 'admission-letter', 'result', 'arrangement', 'end', 'reminder'] as const
/** `place-notice` 学位通知单, `admission-letter` 录取通知书, `result` 录取结果, `arrangement` 统筹安排, `end` 办结, `reminder` 提醒. */
export type PaperKind = (typeof PAPER_KINDS)[number]
export type PaperState = 'issued' | 'exchanged' | 'void'

/** A numbered paper of a child. Its text is made when it is asked for, so that no personal data is kept with it. */
export interface Paper {
  season: string
  child: string
  phase: string
  kind: PaperKind
  number: string
  school?: string
  /** Only an arrangement, where the desk decided on a way. */
  way?: Way
  /** Why there is no seat: as the policy or the desk names it; of a review the unmet rules, with spaces between. */
  reason?: string
  /** The phase to which the family goes on. */
  next?: string
  state: PaperState
  /** Epoch ms. */
  issuedAt: number
  /** The number of the paper given for this one. */
  exchangedFor?: string
}

const PREFIX: Record<PaperKind, string> = {
  'place-notice': 'PN', 'admission-letter': 'AL', result: 'RS', arrangement: 'AR', end: 'EN', reminder: 'RM',
}

/** The number printed on a paper: unique in its season, says which kind it is and nothing about the child. */
export const paperNumber = (kind: PaperKind, ordinal: number): string => `${PREFIX[kind]}-${String(ordinal).padStart(6, '0')}`

export const CHANNELS = ['email', 'sms'] as const
export type Channel = (typeof CHANNELS)[number]

/** The id of the message that tells of a paper over a channel: always the same, so that a message sent twice is recognised. */
export const messageId = (season: string, number: string, channel: Channel): string =>
  `m${sha256Hex(`${season}/${number}/${channel}`).slice(0, 31)}`
