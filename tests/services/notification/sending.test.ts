import { beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeEventData } from '../../../contracts/events/schemas.js'
import { childId, SEASON } from '../support.js'
import { notificationHarness } from './harness.js'

const harness = notificationHarness(['notification-sender'])
const WAIT = { timeout: 40_000, interval: 50 }
const states = async (child: string) =>
  Object.fromEntries((await harness.sql<{ channel: string; state: string }>('SELECT channel, state FROM message WHERE child = $1', [child])).map(({ channel, state }) => [channel, state]))
const mailsTo = (child: string) => harness.catcher.mailbox.newest().filter(({ to }) => to.includes(`${child}@ruxue.invalid`))
let next = 100
let child = ''

describe('messages', () => {
  beforeEach(async () => {
    child = childId(++next)
    await harness.meet(child)
  })

  it('go out once over each channel, and are told', async () => {
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    await harness.issue(child, 'place-notice', 'place-notice', { school: 's1' })
    await vi.waitFor(async () => expect(await states(child)).toEqual({ email: 'sent', sms: 'sent' }), WAIT)
    expect(mailsTo(child)).toHaveLength(1)
    const raw = (await harness.catcher.mailbox.read(mailsTo(child)[0]!.number))!.toString()
    expect(raw).toContain('From: admission@ruxue.invalid')
    expect((await harness.sms()).filter(({ text }) => text.includes('PN-000001')).at(-1)).toMatchObject({ to: '10000000001', simulator: 'sms' })
    const sent = (await harness.events(child)).filter(({ type }) => type === 'cn.ruxue.notification.message-sent.v1')
    expect(sent.map(({ data }) => data.channel).sort()).toEqual(['email', 'sms'])
    for (const event of sent) decodeEventData(event.type, event.data)
    const { messages } = await harness.api.listMessages({ params: { season: SEASON }, query: { state: 'sent', limit: 1 }, token: await harness.tokens.as({ role: 'ops' }) })
    expect(JSON.stringify(messages)).not.toContain('@')
  })

  it('wait while the mail server is away and are sent when it is back', async () => {
    await harness.catcher.stop()
    await harness.issue(child, 'place-notice', 'place-notice')
    await vi.waitFor(async () => {
      const [mail] = await harness.sql<{ attempts: number; last_error: string }>(`SELECT attempts, last_error FROM message WHERE child = $1 AND channel = 'email'`, [child])
      expect(mail?.attempts).toBeGreaterThanOrEqual(2)
      expect(mail?.last_error).toMatch(/^E/)
    }, WAIT)
    await harness.catchAgain()
    await vi.waitFor(async () => expect(await states(child)).toEqual({ email: 'sent', sms: 'sent' }), WAIT)
    expect(mailsTo(child)).toHaveLength(1)
  })

  it('are given up after the last attempt, with an event and an alarm', async () => {
    await harness.catcher.stop()
    await harness.issue(child, 'place-notice', 'place-notice')
    await harness.sql(`UPDATE message SET attempts = 39 WHERE child = $1 AND channel = 'email'`, [child])
    await vi.waitFor(async () => expect(await states(child)).toMatchObject({ email: 'failed' }), WAIT)
    const failed = (await harness.events(child)).find(({ type }) => type === 'cn.ruxue.notification.message-failed.v1')
    expect(failed?.data).toMatchObject({ channel: 'email', attempts: 40, cause: expect.stringMatching(/^E/) })
    expect(await harness.deps.registry.metrics()).toMatch(/ruxue_message_attempts_total\{channel="email",result="failed"[^}]*\} [1-9]/)
    await harness.catchAgain()
  })

  it('carry the same Message-ID when a crash came between sending and recording', async () => {
    await harness.issue(child, 'place-notice', 'place-notice')
    await vi.waitFor(async () => expect(await states(child)).toEqual({ email: 'sent', sms: 'sent' }), WAIT)
    await harness.sql(`UPDATE message SET state = 'queued', next_at = clock_timestamp(), done_at = NULL WHERE child = $1 AND channel = 'email'`, [child])
    await vi.waitFor(() => expect(mailsTo(child)).toHaveLength(2), WAIT)
    expect(new Set(mailsTo(child).map(({ messageId }) => messageId)).size).toBe(1)
  })

  it('are skipped where the family gave no address, or the child has left', async () => {
    const noMail = childId(++next)
    await harness.meet(noMail)
    const { email: _email, ...person } = harness.people.get(noMail)!
    harness.people.set(noMail, person)
    await harness.issue(noMail, 'place-notice', 'place-notice')
    await vi.waitFor(async () => expect(await states(noMail)).toEqual({ email: 'skipped', sms: 'sent' }), WAIT)
    await harness.sql('INSERT INTO platform.child_fact VALUES ($1, $2, $3, $4, $5, $6)', [SEASON, child, 'withdrawal', 'withdrawal', 1, JSON.stringify({ season: SEASON, child, aggregate: 'withdrawal', id: 'withdrawal', revision: 1, reason: 'died' })])
    await harness.issue(child, 'place-notice', 'place-notice')
    await vi.waitFor(async () => expect(await states(child)).toEqual({ email: 'skipped', sms: 'skipped' }), WAIT)
    expect(mailsTo(child)).toEqual([])
  })

  it('wait for a family that registration does not know yet', async () => {
    const stranger = childId(++next)
    await harness.issue(stranger, 'place-notice', 'place-notice')
    await vi.waitFor(async () => {
      const [message] = await harness.sql<{ last_error: string }>('SELECT last_error FROM message WHERE child = $1', [stranger])
      expect(message?.last_error).toBe('nobody-known')
    }, WAIT)
    await harness.meet(stranger)
    await vi.waitFor(async () => expect(await states(stranger)).toEqual({ email: 'sent', sms: 'sent' }), WAIT)
  })
})
