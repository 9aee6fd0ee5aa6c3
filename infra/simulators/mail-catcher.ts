import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { createLog, type Log } from '../../platform/log.js'
import { openMailbox, type Mailbox } from './mailbox.js'

export interface MailCatcherOptions {
  /** Where messages are kept: one `.eml` each, and a line each in `index.jsonl`. */
  folder: string
  /** Messages kept at most; older ones are dropped, the count goes on. @default 500 */
  keep?: number
  /** @default 127.0.0.1 */
  host?: string
  /** Of SMTP; 0 for a free one. @default 0 */
  port?: number
  /** Of the pages; 0 for a free one. @default 0 */
  httpPort?: number
  /** @default a silent one */
  log?: Log
}

/** A mail server that delivers to nobody. */
export interface MailCatcher {
  /** For `smtpUrl` of the configuration. */
  smtpUrl: string
  /** `GET /` counts, `GET /messages` the newest envelopes, `GET /messages/N` one as it came. */
  httpUrl: string
  mailbox: Mailbox
  stop(): Promise<void>
}

const LARGEST_BYTES = 1_000_000

/** Starts a mail server that keeps what it gets and sends nothing on. Only for rehearsals and tests. */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const host = options.host ?? '127.0.0.1'
  const log = options.log ?? createLog({ name: 'mail-catcher', level: 'silent' })
  const mailbox = await openMailbox(options.folder, options.keep ?? 500)
  const smtp = smtpServer(mailbox, log)
  smtp.on('error', (error) => log.debug({ err: error }, 'a sender broke off'))
  smtp.listen(options.port ?? 0, host)
  await once(smtp.server, 'listening')
  const pages = pagesOf(mailbox)
  pages.listen(options.httpPort ?? 0, host)
  await once(pages, 'listening')
  const smtpUrl = `smtp://${host}:${portOf(smtp.server)}`
  const httpUrl = `http://${host}:${portOf(pages)}`
  log.warn({ smtpUrl, httpUrl }, 'SIMULATOR: caught mail is delivered to nobody')
  return {
    smtpUrl, httpUrl, mailbox,
    stop: async () => {
      pages.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => pages.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ])
      await mailbox.close()
    },
  }
}

const portOf = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port

function smtpServer(mailbox: Mailbox, log: Log): SMTPServer {
  return new SMTPServer({
    name: 'ruxue-mail-catcher',
    banner: 'Ruxue mail catcher (simulator): delivers to nobody',
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: LARGEST_BYTES,
    disableReverseLookup: true,
    closeTimeout: 1_000,
    onData: (stream, session, done) => void take(stream, session, done, { mailbox, log }),
  })
}

async function take(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  done: (error?: Error) => void,
  { mailbox, log }: { mailbox: Mailbox; log: Log },
): Promise<void> {
  try {
    await receive(stream, session, mailbox)
  } catch (error) {
    log.warn({ err: error }, 'a message was not kept')
    done(Object.assign(new Error('not kept, try again later'), { responseCode: 451 }))
    return
  }
  done()
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, mailbox: Mailbox): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  if (stream.sizeExceeded) throw Object.assign(new Error('too large'), { responseCode: 552 })
  await mailbox.keep(Buffer.concat(chunks), session.envelope.rcptTo.map(({ address }) => address))
}

function pagesOf(mailbox: Mailbox): Server {
  return createServer((request, response) => {
    response.setHeader('x-ruxue-simulator', 'mail')
    const one = /^\/messages\/(\d+)$/.exec(request.url ?? '')
    const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (request.url === '/') json(mailbox.count())
    else if (request.url === '/messages') json({ messages: mailbox.newest() })
    else if (one) {
      mailbox.read(Number(one[1])).then(
        (raw) => (raw ? response.setHeader('content-type', 'message/rfc822').end(raw) : response.writeHead(404).end()),
        () => response.writeHead(500).end(),
      )
    } else response.writeHead(404).end()
  })
}
