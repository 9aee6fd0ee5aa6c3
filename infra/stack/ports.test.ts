import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { describe, expect, it } from 'vitest'

import { choosePorts, freePort, isPortFree, PORT_NAMES } from './ports.js'

async function occupy<T>(port: number, work: () => Promise<T>): Promise<T> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  try {
    expect((server.address() as AddressInfo).port).toBe(port)
    return await work()
  } finally {
    server.close()
  }
}

describe('ports', () => {
  it('are all different', async () => {
    const ports = await choosePorts({}, {})
    expect(new Set(Object.values(ports)).size).toBe(PORT_NAMES.length)
  })

  it('stay those of the last run', async () => {
    const remembered = await choosePorts({}, {})
    expect(await choosePorts({}, remembered)).toEqual(remembered)
  })

  it('change when a remembered one is occupied by somebody else', async () => {
    const remembered = await choosePorts({}, {})
    const now = await occupy(remembered.kafka, () => choosePorts({}, remembered))
    expect(now.kafka).not.toBe(remembered.kafka)
    expect(now.postgres).toBe(remembered.postgres)
  })

  it('that were asked for are refused when occupied', async () => {
    const kafka = await freePort()
    await occupy(kafka, () => expect(choosePorts({ kafka }, {})).rejects.toThrow(`port ${kafka}, asked for kafka, is occupied`))
    expect(await isPortFree(kafka)).toBe(true)
  })
})
