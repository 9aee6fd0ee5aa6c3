import { DateTime } from 'luxon'
import { writeEnd } from '../../../policies/instant.js'
import type { PhaseKind } from '../../../policies/language.js'
import type { Following, PaperCalendar } from './details.js'
import type { Paper } from './paper.js'
import { en } from './templates/en.js'
import type { PaperContent, Text, Wording } from './templates/wording.js'
import { zh } from './templates/zh.js'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const WORDINGS: Record<Language, Wording> = { zh, en }

/** Who a paper is for: personal data, fetched for the moment. */
export interface Recipient {
  childName: string
  guardianName: string
}

export interface Rendering {
  paper: Paper
  recipient: Recipient
  schoolName: string | undefined
  calendar: PaperCalendar
  timezone: string
}

/** The text of a paper in one language. */
export function renderPaper(rendering: Rendering, language: Language): Text {
  const wording = WORDINGS[language]
  return wording.papers[rendering.paper.kind](contentOf(rendering, wording))
}

/** The e-mail that tells of a paper: its text in Chinese, then in English. */
export function renderMail(rendering: Rendering): Text {
  const [chinese, english] = [renderPaper(rendering, 'zh'), renderPaper(rendering, 'en')]
  return { subject: chinese.subject, text: `${chinese.text}\n\n----\n\n${english.text}\n` }
}

/** The short message that tells of a paper. */
export const renderSms = (rendering: Rendering): string => zh.sms(contentOf(rendering, zh))

/** The words for a reason: the policy's own, else ours, else what the desk wrote. */
const reasonIn = (wording: Wording, reason: string, says: string | undefined): string => says ?? wording.reasons[reason] ?? reason

function contentOf({ paper, recipient, schoolName, calendar, timezone }: Rendering, wording: Wording): PaperContent {
  const { kind, number, state, issuedAt, exchangedFor, way, reason } = paper
  const instant = (at: number) => DateTime.fromMillis(at, { zone: timezone }).setLocale(wording.instant.locale).toFormat(wording.instant.format)
  const end = (at: number) => writeEnd(at, timezone, wording.instant.format, wording.instant.locale)
  const named = (of: PhaseKind, label: string | undefined) => (label === undefined ? wording.phases[of] : wording.labelled(wording.phases[of], label))
  const following = ({ kind: of, label, opensAt, closesAt, ...where }: Following) => ({ kind: of, phase: named(of, label), opens: instant(opensAt), closes: end(closesAt), ...where })
  return {
    kind, number, state,
    ...recipient,
    ...(schoolName !== undefined && { schoolName }),
    issuedAt: instant(issuedAt),
    ...(calendar.window && { window: following(calendar.window) }),
    ...(calendar.next && { next: following(calendar.next) }),
    phase: named(calendar.phaseKind, calendar.label),
    phaseKind: calendar.phaseKind,
    ...(calendar.method && { method: calendar.method }),
    ...(way && { way }),
    ...(reason !== undefined && { reason: reasonIn(wording, reason, calendar.says) }),
    ...(exchangedFor !== undefined && { exchangedFor }),
  }
}
