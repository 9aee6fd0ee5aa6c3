import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { Undeliverable } from '../../../services/notification/events/channels/channel.js'
import { emailChannel } from '../../../services/notification/events/channels/email.js'
import type { Rendering } from '../../../services/notification/domain/render.js'

const rendering: Rendering = {
  paper: { season: 's', child: 'c', phase: 'p', kind: 'place-notice', number: 'PN-000001', state: 'issued', issuedAt: 0 },
  recipient: { childName: '安宁', guardianName: '安明' }, schoolName: '第一小学', calendar: { phaseKind: 'notice' }, timezone: 'Asia/Shanghai',
}

describe('e-mail', () => {
  let server: SMTPServer | undefined
  afterEach(async () => { if (server) await new Promise<void>((resolve) => server?.close(resolve)) })
  const channelTo = async (options: SMTPServerOptions) => {
    server = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, closeTimeout: 200, ...options })
    server.on('error', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    const { port } = server.server.address() as AddressInfo
    return emailChannel({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'bureau@ruxue.invalid', connections: 1, timeoutMs: 10_000 })
  }
  const refusing = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
  })

  it('gives up an address that the server refuses for good', async () => {
    const channel = await channelTo(refusing(550))
    await expect(channel.send('m1', 'nobody@ruxue.invalid', rendering)).rejects.toBeInstanceOf(Undeliverable)
    await channel.stop()
  })

  it('may try again where the server refuses for now', async () => {
    const channel = await channelTo(refusing(451))
    const refused = await channel.send('m1', 'family@ruxue.invalid', rendering).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Error)
    expect(refused).not.toBeInstanceOf(Undeliverable)
    await channel.stop()
  })

  it('carries the paper in both languages under a Message-ID that follows from its id', async () => {
    let raw = ''
    const channel = await channelTo({
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => { raw += chunk.toString() })
        stream.on('end', () => done())
      },
    })
    await channel.send('m42', 'family@ruxue.invalid', rendering)
    await channel.stop()
    expect(raw).toContain('Message-ID: <m42@ruxue.invalid>')
    const body = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n')), 'base64').toString()
    expect(body).toContain('安宁同学的学位已确定')
    expect(body).toContain('安宁 has a place at 第一小学')
  })
})
