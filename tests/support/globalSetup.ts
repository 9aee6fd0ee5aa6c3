import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { printProgress } from '../../infra/stack/progress.js'
import { startStack, type Stack } from '../../infra/stack/stack.js'
import { removeState } from '../../infra/stack/state.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Asked by the first test that needs servers; starts them and answers with their addresses. */
    stackDoor: string
  }
}

/**
 * One stack for all tests of a run, started when the first test asks for it, so that a run of pure tests starts none.
 *
 * @returns stops it and removes its data
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let stack: Promise<Stack> | undefined
  const stateDir = await mkdtemp(join(tmpdir(), 'ruxue-test-'))
  const door = createServer((_request, response) => {
    stack ??= startStack({ stateDir, onProgress: printProgress })
    stack.then(
      (started) => answer(response, 200, started),
      (error: unknown) => answer(response, 500, { message: String(error) }),
    )
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  project.provide('stackDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}`)
  return async () => {
    door.close()
    // Its failure was told to the test that asked.
    await (await stack?.catch(() => undefined))?.stop()
    await removeState(stateDir)
    await rm(stateDir, { recursive: true, force: true })
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body))
}
