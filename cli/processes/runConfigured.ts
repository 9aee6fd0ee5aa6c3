import { ConfigError } from '../../platform/config.js'
import type { Log } from '../../platform/log.js'
import { runProcess, type Component } from '../../platform/process.js'

/** Runs a process until it is told to stop; a configuration that cannot be used is told in full, exit code 2. */
export async function runConfigured(compose: () => Promise<{ components: Component[]; log: Log }>): Promise<void> {
  try {
    const { components, log } = await compose()
    await runProcess(components, log)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}
