import { beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import type { Timeline } from '../../../policies/timeline.js'
import { calendarOf } from './details.js'
import { messageId, PAPER_KINDS, paperNumber, type Paper } from './paper.js'
import { LANGUAGES, renderMail, renderPaper, renderSms, type Rendering } from './render.js'
import { nextAttempt } from './retry.js'

const paper = (over: Partial<Paper> = {}): Paper => ({
  season: 's', child: 'c', phase: 'place-notice', kind: 'place-notice', number: 'PN-000001', school: 's1', state: 'issued',
  issuedAt: Date.parse('2022-06-01T09:00:00+08:00'), ...over,
})
const rendering = (over: Partial<Rendering> = {}): Rendering => ({
  paper: paper(), recipient: { childName: '安宁', guardianName: '安明' }, schoolName: '第一小学', calendar: { phaseKind: 'notice' }, timezone: 'Asia/Shanghai', ...over,
})

describe('the texts of papers', () => {
  let timeline: Timeline
  beforeAll(async () => { timeline = (await loadPolicy('changchun-2022')).timeline })
  const window = { kind: 'check-in' as const, opensAt: 0, closesAt: 3_600_000 }

  it('leave no field unresolved, whatever is not known, in both languages', () => {
    for (const kind of PAPER_KINDS) {
      for (const state of ['issued', 'exchanged', 'void'] as const) {
        for (const schoolName of ['第一小学', undefined]) {
          for (const calendar of [{ phaseKind: 'check-in' as const, window }, { phaseKind: 'check-in' as const }]) {
            const given = rendering({ paper: paper({ kind, state }), schoolName, calendar })
            for (const text of [...LANGUAGES.map((language) => renderPaper(given, language).text), renderMail(given).text, renderSms(given)]) {
              expect(text).not.toMatch(/undefined|null|NaN|Invalid|[{}]|\[object/)
              expect(text).toContain('PN-000001')
              expect(text).toContain('安宁')
            }
          }
        }
      }
    }
  })

  it('tell of a place where and when to check in', () => {
    const calendar = calendarOf(timeline, paper(), new Map())
    const { text } = renderPaper(rendering({ calendar: calendar! }), 'zh')
    expect(text).toContain('第一小学')
    expect(text).toContain('2022年6月21日09:00至2022年6月22日15:00')
    expect(renderPaper(rendering({ calendar: calendar! }), 'en').text).toContain('21 June 2022, 09:00')
  })

  it('tell the deadline that holds after an extension', () => {
    const later = Date.parse('2022-06-23T15:00:00+08:00')
    expect(calendarOf(timeline, paper(), new Map([['public-check-in', later]]))?.window?.closesAt).toBe(later)
  })

  it('ask for nothing more once a letter is there', () => {
    expect(calendarOf(timeline, paper({ phase: 'public-check-in', kind: 'admission-letter' }), new Map())).toEqual({ phaseKind: 'check-in' })
    expect(calendarOf(timeline, paper({ phase: 'nowhere' }), new Map())).toBeUndefined()
  })

  it('tell an exchanged notice from one that is still good', () => {
    const exchanged = rendering({ paper: paper({ state: 'exchanged', exchangedFor: 'AL-000009' }) })
    expect(renderPaper(exchanged, 'zh').text).toContain('已换取录取通知书 AL-000009')
    expect(renderPaper(exchanged, 'en').text).toContain('exchanged for the admission letter AL-000009')
  })
})

describe('numbers and repetitions', () => {
  it('number a paper by its kind', () => expect(paperNumber('admission-letter', 42)).toBe('AL-000042'))

  it('give a message the same id always, and another one for another channel', () => {
    expect(messageId('s', 'PN-000001', 'email')).toBe(messageId('s', 'PN-000001', 'email'))
    expect(messageId('s', 'PN-000001', 'email')).not.toBe(messageId('s', 'PN-000001', 'sms'))
  })

  it('wait longer each time and give up in the end', () => {
    const terms = { attempts: 4, firstMs: 100, longestMs: 300 }
    expect([1, 2, 3, 4].map((attempted) => nextAttempt(terms, attempted))).toEqual([100, 200, 300, undefined])
  })
})
