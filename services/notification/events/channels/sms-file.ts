import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { renderSms } from '../../domain/render.js'
import type { MessageChannel } from './channel.js'

/**
 * The SMS carrier that is not one: writes each message as a line of JSON to a file, so labelled. A real carrier takes
 * its place behind the same interface.
 */
export function smsFileChannel(file: string): MessageChannel {
  let folder: Promise<unknown> | undefined
  return {
    name: 'sms',
    addressOf: ({ phone }) => phone,
    async send(id, address, rendering) {
      await (folder ??= mkdir(dirname(file), { recursive: true }))
      const line = { simulator: 'sms', id, to: address, text: renderSms(rendering), at: new Date().toISOString() }
      await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    },
    stop: async () => undefined,
  }
}
