import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Connection } from '@temporalio/client'
import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { freshFolder } from '../../tests/support/folder.js'
import type { StackAddresses } from './addresses.js'
import { livingServers } from './pids.js'
import { startStack, type Stack } from './stack.js'
import { AlreadyRunningError, publishedAddresses, stateOwner } from './state.js'
import { waitUntil } from './wait.js'

const BIN = fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url))
// Nothing of the environment: these tests kill servers and so need their own.
const env = {}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function topics({ kafkaBrokers }: StackAddresses, create?: string): Promise<string[]> {
  const admin = new Kafka({ brokers: [kafkaBrokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    if (create !== undefined) await admin.createTopics({ topics: [{ topic: create }], waitForLeaders: true })
    return await admin.listTopics()
  } finally {
    await admin.disconnect()
  }
}

async function namespace(address: string) {
  const connection = await Connection.connect({ address })
  try {
    const { config, namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' })
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' })
    return { id: namespaceInfo?.id, keptDays: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400, attributes: Object.keys(customAttributes ?? {}).sort() }
  } finally {
    await connection.close()
  }
}

describe('a folder that is not ours', () => {
  it('is refused and left as it is', async () => {
    const folder = await freshFolder()
    await writeFile(join(folder, 'thesis.doc'), 'years of work')
    await expect(startStack({ stateDir: folder, env, fresh: true })).rejects.toThrow('not a state folder of Ruxue')
    expect(await readdir(folder)).toEqual(['thesis.doc'])
  })
})

describe('a local stack', () => {
  let stateDir: string
  let stack: Stack
  beforeAll(async () => {
    stateDir = await freshFolder()
    stack = await startStack({ stateDir, env })
  })
  afterAll(() => stack.stop())

  it('keeps all data and its addresses when it is stopped and started again', async () => {
    await query(stack.postgresUrl, 'CREATE TABLE kept AS SELECT 1 AS one')
    await topics(stack, 'kept')
    const before = await namespace(stack.temporalAddress)
    const { postgresUrl, kafkaBrokers, temporalAddress } = stack
    await stack.stop()
    expect(livingServers(stateDir)).toEqual([])
    expect(publishedAddresses(stateDir)).toBeUndefined()
    stack = await startStack({ stateDir, env })
    expect(stack).toMatchObject({ postgresUrl, kafkaBrokers, temporalAddress })
    expect(await query(stack.postgresUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    expect(await topics(stack)).toContain('kept')
    expect(await namespace(temporalAddress)).toEqual(before)
  })

  it('has a Temporal that keeps closed workflows for a year and knows our search attributes', async () => {
    const { keptDays, attributes } = await namespace(stack.temporalAddress)
    expect(keptDays).toBe(365)
    expect(attributes).toEqual(expect.arrayContaining(['EnrollmentStatus', 'District', 'Season']))
  })

  it('refuses to start twice on the same folder and changes nothing', async () => {
    const pids = livingServers(stateDir)
    await expect(startStack({ stateDir, env, fresh: true })).rejects.toThrow(AlreadyRunningError)
    expect(livingServers(stateDir)).toEqual(pids)
    expect(await query(stack.postgresUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it.each(['postgres', 'kafka', 'temporal'] as const)('brings %s back with its data after kill -9', async (name) => {
    const server = stack.server(name)
    const { pid } = server
    await query(stack.postgresUrl, `CREATE TABLE before_${name} AS SELECT 1 AS one`)
    await topics(stack, `before-${name}`)
    await server.kill('SIGKILL')
    expect(server.running).toBe(false)
    await server.restart()
    expect(server.pid).not.toBe(pid)
    expect(await query(stack.postgresUrl, `SELECT one FROM before_${name}`)).toEqual([{ one: 1 }])
    expect(await topics(stack)).toContain(`before-${name}`)
    expect((await namespace(stack.temporalAddress)).keptDays).toBe(365)
  })

  it('uses servers that are given by their address as they are', async () => {
    const given = {
      RUXUE_POSTGRES_URL: stack.postgresUrl,
      RUXUE_KAFKA_BROKERS: stack.kafkaBrokers,
      RUXUE_TEMPORAL_ADDRESS: stack.temporalAddress,
    }
    const other = await startStack({ stateDir: await freshFolder(), env: given })
    expect(other).toMatchObject({ postgresUrl: stack.postgresUrl, kafkaBrokers: stack.kafkaBrokers, temporalAddress: stack.temporalAddress })
    expect(() => other.server('kafka')).toThrow('not ours')
    await other.stop()
    expect(stack.server('kafka').running).toBe(true)
  })

  it('leaves no process behind when the one that started it is killed, and starts anew with fresh data', async () => {
    await stack.stop()
    const starter = spawn(process.execPath, [BIN, 'stack', '--state', stateDir], { env: { PATH: process.env['PATH'], RUXUE_CACHE: process.env['RUXUE_CACHE'], HOME: process.env['HOME'] }, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(starter.stdout, 'data')
    expect(livingServers(stateDir)).toHaveLength(3)
    expect((await stateOwner(stateDir))?.pid).toBe(starter.pid)
    starter.kill('SIGKILL')
    await waitUntil('the servers to be gone', () =>
      livingServers(stateDir).length === 0 ? Promise.resolve() : Promise.reject(new Error('some live')),
    )
    stack = await startStack({ stateDir, env, fresh: true })
    await expect(query(stack.postgresUrl, 'SELECT one FROM kept')).rejects.toThrow('does not exist')
  })
})
