import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailCatcher, type MailCatcher } from './mail-catcher.js'

describe('the mail catcher', () => {
  let folder: string
  let catcher: MailCatcher
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ruxue-mail-'))
    catcher = await startMailCatcher({ folder, keep: 3 })
  })
  afterEach(async () => {
    await catcher.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const send = async (...ids: string[]) => {
    const transport = createTransport(catcher.smtpUrl)
    for (const id of ids) {
      await transport.sendMail({ from: 'bureau@ruxue.invalid', to: 'family@ruxue.invalid', subject: '学位通知单', text: '你好', messageId: `<${id}@ruxue.invalid>` })
    }
    transport.close()
  }

  it('keeps a message as it came and delivers it to nobody', async () => {
    await send('m1')
    expect(catcher.mailbox.newest()).toMatchObject([{ number: 1, messageId: '<m1@ruxue.invalid>', to: ['family@ruxue.invalid'] }])
    const raw = await (await fetch(`${catcher.httpUrl}/messages/1`)).text()
    expect(raw).toContain('Message-ID: <m1@ruxue.invalid>')
  })

  it('counts a message that came twice as two of which one is distinct', async () => {
    await send('m1', 'm1', 'm2')
    const answer = await fetch(`${catcher.httpUrl}/`)
    expect(answer.headers.get('x-ruxue-simulator')).toBe('mail')
    expect(await answer.json()).toEqual({ messages: 3, distinct: 2 })
  })

  it('keeps no more than its bound', async () => {
    await send('m1', 'm2', 'm3', 'm4', 'm5')
    expect(catcher.mailbox.newest().map(({ number }) => number)).toEqual([5, 4, 3])
    expect((await readdir(folder)).filter((name) => name.endsWith('.eml'))).toHaveLength(3)
    expect(catcher.mailbox.count()).toEqual({ messages: 5, distinct: 5 })
  })
})
