import { randomBytes } from 'node:crypto'

import { afterAll, inject } from 'vitest'

import { migrate } from '../../infra/prisma/migrate.js'
import { databaseUrl, type StackAddresses } from '../../infra/stack/addresses.js'
import { printProgress } from '../../infra/stack/progress.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { prepareNamespace } from '../../infra/temporal/namespace.js'
import { testServerBinary } from '../../infra/test-server/distribution.js'
import { administer } from './administer.js'

let asked: Promise<StackAddresses> | undefined

/**
 * The servers shared by all tests of a run; the first call of a run starts them. Tests keep out of each other's way
 * by names of their own: see {@link uniqueName}, {@link freshDatabase}, {@link freshNamespace}.
 */
export function testStack(): Promise<StackAddresses> {
  return (asked ??= askForStack())
}

/** @returns a short name that no other test uses, fit for topic prefixes, task queues, databases and groups. */
export function uniqueName(prefix = 't'): string {
  return `${prefix}${randomBytes(5).toString('hex')}`
}

/**
 * Creates a database and drops it after the tests of this file.
 *
 * @param service - whose migrations are applied; none when left out
 * @returns its address
 */
export async function freshDatabase(service?: string): Promise<string> {
  const { postgresUrl } = await testStack()
  const name = uniqueName(`${(service ?? 'test').replaceAll('-', '_')}_`)
  const url = databaseUrl(postgresUrl, name)
  await administer(postgresUrl, `CREATE DATABASE "${name}"`)
  afterAll(() => administer(postgresUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))
  if (service !== undefined) await migrate(service, url)
  return url
}

/** Registers a Temporal namespace with our search attributes. */
export async function freshNamespace(): Promise<string> {
  const { temporalAddress } = await testStack()
  const namespace = uniqueName('ns-')
  await waitUntil(`namespace ${namespace}`, () => prepareNamespace(temporalAddress, namespace))
  return namespace
}

/** @returns the program of Temporal's time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping`. */
export function timeSkippingServer(): Promise<string> {
  return testServerBinary(printProgress)
}

async function askForStack(): Promise<StackAddresses> {
  const response = await fetch(inject('stackDoor'))
  const body = (await response.json()) as StackAddresses & { message?: string }
  if (!response.ok) throw new Error(`the test stack did not start: ${body.message ?? ''}`)
  return body
}
