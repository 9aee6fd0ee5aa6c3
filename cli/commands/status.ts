import { Command } from 'commander'

import { livingServers } from '../../infra/stack/pids.js'
import { publishedAddresses, stateOwner } from '../../infra/stack/state.js'
import { stateDirOption } from '../stateDir.js'

/** `ruxue status`: whether a platform runs, and where. Exit code 3 when none does. */
export function statusCommand(): Command {
  return new Command('status')
    .description('tell whether a platform runs, and where its servers are (exit code 3 when none runs)')
    .addOption(stateDirOption())
    .option('--json', 'print JSON')
    .action(showStatus)
}

async function showStatus({ state, json }: { state: string; json?: boolean }): Promise<void> {
  const owner = await stateOwner(state)
  const servers = livingServers(state).map(({ name, pid }) => ({ name, pid }))
  const status = { running: owner !== undefined, pid: owner?.pid, servers, addresses: owner && publishedAddresses(state) }
  process.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : `${inWords(status)}\n`)
  if (!status.running) process.exitCode = 3
}

function inWords(status: { running: boolean; pid: number | undefined; servers: { name: string; pid: number }[]; addresses: object | undefined }): string {
  const servers = status.servers.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')
  if (!status.running) return servers === '' ? 'no platform is running' : `no platform is running, but ${servers} was left behind; \`ruxue stop\` ends it`
  const addresses = Object.entries(status.addresses ?? {}).map(([name, value]) => `  ${name}: ${String(value)}`)
  return [`a platform is running (process ${status.pid}): ${servers || 'still starting'}`, ...addresses].join('\n')
}
