import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import { downloadFile, downloadText } from './download.js'
import { fillFromFirst, type Source } from './firstThatWorks.js'

const ARCHIVE = 'bytes of the release'
const DIGEST = createHash('sha256').update(ARCHIVE).digest('hex')

describe('a download', () => {
  let site: string
  let server: Server
  let folder: string

  beforeAll(async () => {
    folder = await freshFolder()
    server = createServer((request, response) => {
      if (request.url === '/release') response.end(ARCHIVE)
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it('is kept when it has the published digest', async () => {
    await downloadFile(`${site}/release`, join(folder, 'a'), 'sha256', DIGEST)
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe(ARCHIVE)
  })

  it('is refused with both digests when it has another', async () => {
    const wrong = '0'.repeat(64)
    await expect(downloadFile(`${site}/release`, join(folder, 'b'), 'sha256', wrong)).rejects.toThrow(`sha256 is ${DIGEST}, published is ${wrong}`)
  })

  it('that is not there names its address', async () => {
    await expect(downloadText(`${site}/nowhere`)).rejects.toThrow(`${site}/nowhere cannot be reached`)
  })

  it('that fails gives way to the next source, which starts with an empty folder', async () => {
    const failing: Source = {
      what: 'downloading',
      usual: '1 s',
      fill: (into) => downloadFile(`${site}/release`, join(into, 'half'), 'sha256', 'another'),
    }
    const building: Source = { what: 'building', usual: '1 s', fill: (into) => downloadFile(`${site}/release`, join(into, 'whole'), 'sha256', DIGEST) }
    const target = await freshFolder()
    const told: string[] = []
    await fillFromFirst('server', [failing, building], target, ({ message }) => told.push(message))
    await expect(readFile(join(target, 'half'))).rejects.toThrow('ENOENT')
    expect(await readFile(join(target, 'whole'), 'utf8')).toBe(ARCHIVE)
    expect(told[0]).toBe('downloading (usually 1 s)')
    expect(told[1]).toMatch(/^downloading did not work: .*published is another$/)
  })

  it('and every other source failing tells all reasons', async () => {
    const failing = (reason: string): Source => ({ what: reason, usual: '1 s', fill: () => Promise.reject(new Error(reason)) })
    await expect(fillFromFirst('server', [failing('no internet'), failing('no compiler')], folder, () => undefined)).rejects.toThrow(
      'server can be had in no way: no internet; no compiler',
    )
  })
})
