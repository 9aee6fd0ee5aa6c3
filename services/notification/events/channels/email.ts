import { createTransport } from 'nodemailer'
import { renderMail } from '../../domain/render.js'
import { Undeliverable, type MessageChannel } from './channel.js'

export interface EmailOptions {
  /** `smtp://user:password@host:port`, or `smtps://`. */
  smtpUrl: string
  /** The bureau's address; its domain also ends the Message-IDs. */
  from: string
  /** Connections at most. */
  connections: number
  /** For connecting, greeting and each answer, in ms. */
  timeoutMs: number
}

/** E-mail over SMTP with kept connections. A message's Message-ID follows from its id. */
export function emailChannel({ smtpUrl, from, connections, timeoutMs }: EmailOptions): MessageChannel {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    pool: true,
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...(url.username !== '' && { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    maxConnections: connections,
    maxMessages: Infinity,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    name: 'email',
    addressOf: ({ email }) => email,
    async send(id, address, rendering) {
      const { subject, text } = renderMail(rendering)
      try {
        await transport.sendMail({ from, to: address, subject, text, textEncoding: 'base64', messageId: `<${id}@${domain}>` })
      } catch (error) {
        throw isFinal(error) ? new Undeliverable(`SMTP ${(error as { responseCode: number }).responseCode}`) : error
      }
    },
    stop: async () => transport.close(),
  }
}

/** SMTP's 5xx says that the same message will never be taken; everything else may pass. */
const isFinal = (error: unknown): boolean => Number((error as { responseCode?: number } | undefined)?.responseCode) >= 500
