import { Command } from 'commander'

import { isAlive } from '../../infra/stack/identity.js'
import { stopLeftovers } from '../../infra/stack/pids.js'
import { printProgress } from '../../infra/stack/progress.js'
import { stateOwner } from '../../infra/stack/state.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { stateDirOption } from '../stateDir.js'

const STOPPED_WITHIN_MS = 60_000

/** `ruxue stop`: asks the running platform to stop in order and waits for its end. */
export function stopCommand(): Command {
  return new Command('stop')
    .description('stop the running platform in order, and whatever a crashed one has left behind')
    .addOption(stateDirOption())
    .action(stopPlatform)
}

async function stopPlatform({ state }: { state: string }): Promise<void> {
  const owner = await stateOwner(state)
  if (owner !== undefined) {
    process.kill(owner.pid, 'SIGTERM')
    await waitUntil(
      `process ${owner.pid} to end`,
      () => (isAlive(owner) ? Promise.reject(new Error('it still lives')) : Promise.resolve()),
      { timeoutMs: STOPPED_WITHIN_MS },
    )
  }
  await stopLeftovers(state, printProgress)
  process.stdout.write(owner === undefined ? 'no platform was running\n' : 'stopped\n')
}
