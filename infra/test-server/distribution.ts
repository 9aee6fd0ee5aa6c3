import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { cached } from '../cache/cache.js'
import { fillFromFirst, type Source } from '../cache/firstThatWorks.js'
import { copyJars, findJava } from '../cache/java.js'
import type { OnProgress } from '../stack/progress.js'

/** Version of Temporal's time-skipping test server. */
export const TEST_SERVER_VERSION = '1.35.0'
const HOME = fileURLToPath(new URL('.', import.meta.url))

/**
 * Finds or prepares Temporal's time-skipping test server, which only tests need.
 *
 * @returns a program for `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`
 */
export async function testServerBinary(onProgress: OnProgress): Promise<string> {
  await findJava()
  const fill = (folder: string) => fillFromFirst('test-server', [mavenJars], folder, onProgress)
  return join(await cached({ name: 'temporal-test-server', version: TEST_SERVER_VERSION, fill }, onProgress), 'temporal-test-server')
}

// The program looks for Java in the same places as findJava.
const PROGRAM = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \\
  -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`

const mavenJars: Source = {
  what: `fetching the jars of the time-skipping test server ${TEST_SERVER_VERSION} with Maven`,
  usual: '10–30 s',
  async fill(folder) {
    await copyJars(HOME, folder)
    await writeFile(join(folder, 'temporal-test-server'), PROGRAM, { mode: 0o755 })
  },
}
