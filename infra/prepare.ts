import { findJava } from './cache/java.js'
import { brokerClasses } from './kafka/classes.js'
import { kafkaJars } from './kafka/distribution.js'
import { postgresAccount } from './postgres/account.js'
import { postgresBinaries } from './postgres/binaries.js'
import { givenAddresses } from './stack/addresses.js'
import type { OnProgress } from './stack/progress.js'
import { temporalBinary } from './temporal/binary.js'
import { testServerBinary } from './test-server/distribution.js'

/**
 * Downloads or builds, side by side, whatever the tests' servers need and the cache does not hold yet. Tests wait for
 * a server's start, but no test waits for minutes of building.
 */
export async function prepareTestServers(onProgress: OnProgress, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const given = givenAddresses(env)
  await Promise.all([
    given.temporalAddress ?? temporalBinary(onProgress),
    given.kafkaBrokers ?? brokerPrograms(onProgress),
    given.postgresUrl ?? postgresBinaries(postgresAccount(), onProgress),
    testServerBinary(onProgress),
  ])
}

const brokerPrograms = async (onProgress: OnProgress): Promise<string> =>
  brokerClasses(await findJava(), await kafkaJars(onProgress), onProgress)
