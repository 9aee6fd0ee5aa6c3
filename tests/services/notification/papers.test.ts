import { describe, expect, it } from 'vitest'
import { decodeEventData } from '../../../contracts/events/schemas.js'
import { childId, guardianOf, SEASON } from '../support.js'
import { notificationHarness } from './harness.js'

const harness = notificationHarness([])
const child = childId(1)
const params = (kind: 'place-notice' | 'admission-letter', phase: string) => ({ season: SEASON, child, phase, kind })

describe('papers', () => {
  it('are issued once, however often and however many ask', async () => {
    const papers = await Promise.all([1, 2, 3, 4].map(() => harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })))
    expect(new Set(papers.map(({ number }) => number)).size).toBe(1)
    expect(await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })).toEqual(papers[0])
    expect(papers[0]).toMatchObject({ child, kind: 'place-notice', phase: 'place-notice', school: 's1', state: 'issued' })
    expect(await harness.sql('SELECT channel, state FROM message ORDER BY channel')).toEqual([{ channel: 'email', state: 'queued' }, { channel: 'sms', state: 'queued' }])
    expect(await harness.events(child)).toHaveLength(1)
  })

  it('have numbers of their kind that say nothing about the child and are never given twice', async () => {
    const numbers = await Promise.all([1, 2, 3].map(async (number) => (await harness.issue(childId(number), 'place-notice', 'place-notice')).number))
    expect(numbers.toSorted()).toEqual(['PN-000001', 'PN-000002', 'PN-000003'])
    expect((await harness.issue(child, 'public-check-in', 'admission-letter')).number).toBe('AL-000001')
  })

  it('are exchanged once: the place notice for the admission letter', async () => {
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    const letter = await harness.issue(child, 'public-check-in', 'admission-letter', { school: 's1', exchanges: true })
    await harness.issue(child, 'private-check-in', 'admission-letter', { school: 's2', exchanges: true })
    const { papers } = await harness.api.listPapers({ params: { season: SEASON, child } })
    expect(papers.map(({ kind, state }) => [kind, state])).toEqual([['place-notice', 'exchanged'], ['admission-letter', 'issued'], ['admission-letter', 'issued']])
    const events = await harness.events(child)
    expect(events.filter(({ type }) => type.includes('exchanged')).map(({ data }) => data)).toMatchObject([{ number: 'PN-000001', for: letter.number }])
    for (const event of events) decodeEventData(event.type, event.data)
  })

  it('leave one good place notice a child: a new one makes the former void', async () => {
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    await harness.issue(child, 'vacancy-result', 'place-notice', { school: 's2' })
    const { papers } = await harness.api.listPapers({ params: { season: SEASON, child } })
    expect(papers.map(({ state }) => state).sort()).toEqual(['issued', 'void'])
  })

  it('are of a season and a phase that exist', async () => {
    await expect(harness.issue(child, 'nowhere', 'result')).rejects.toMatchObject({ type: 'unknown-phase' })
    await expect(harness.api.issuePaper({ params: { ...params('place-notice', 'place-notice'), season: 'other' }, body: {} })).rejects.toMatchObject({ type: 'unknown-season' })
    await expect(harness.api.listPapers({ params: { season: SEASON, child } })).rejects.toMatchObject({ type: 'unknown-child' })
  })

  it('are read in both languages, their personal data fetched for that and kept nowhere', async () => {
    await harness.meet(child)
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    await harness.sql('INSERT INTO school VALUES ($1, $2, $3)', [SEASON, 's1', '第一小学'])
    const token = await harness.guardian(child)
    const zh = await harness.api.readPaper({ params: params('place-notice', 'place-notice'), token })
    const en = await harness.api.readPaper({ params: params('place-notice', 'place-notice'), query: { language: 'en' }, token })
    expect(zh.text).toContain('安宁同学的学位已确定，学校为第一小学')
    expect(en.text).toContain('安宁 has a place at 第一小学')
    expect(zh.number).toBe('PN-000001')
    expect(harness.asked.at(-1)).toEqual({ purpose: 'notice', children: [child] })
    const kept = JSON.stringify([await harness.sql('SELECT * FROM paper'), await harness.sql('SELECT * FROM message'), await harness.sql('SELECT * FROM platform.outbox')])
    expect(kept).not.toContain('安宁')
  })

  it('are the guardian’s own, the child’s district’s, and nobody else’s', async () => {
    await harness.meet(child)
    await harness.meet(childId(2))
    await harness.issue(child, 'place-notice', 'place-notice')
    const read = async (token: Promise<string>) => harness.api.readPaper({ params: params('place-notice', 'place-notice'), token: await token })
    await expect(read(harness.guardian(childId(2)))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(read(harness.tokens.as({ role: 'district', district: 'chaoyang' }))).rejects.toMatchObject({ type: 'forbidden' })
    await expect(read(harness.tokens.as({ role: 'school', school: 's1' }))).rejects.toMatchObject({ type: 'forbidden' })
    expect((await read(harness.tokens.as({ role: 'district', district: 'nanguan' }))).number).toBe('PN-000001')
    const missing = harness.api.readPaper({ params: params('admission-letter', 'place-notice'), token: await harness.tokens.as({ role: 'guardian', subject: guardianOf(child) }) })
    await expect(missing).rejects.toMatchObject({ type: 'not-found' })
  })
})
