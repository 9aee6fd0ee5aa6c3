import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

import { cached } from '../cache/cache.js'
import { findOnPath, runCommand } from '../cache/command.js'
import { downloadFile, downloadText } from '../cache/download.js'
import { fillFromFirst, type Source } from '../cache/firstThatWorks.js'
import type { OnProgress } from '../stack/progress.js'

/** Version of the Temporal CLI, which holds the development server. */
export const TEMPORAL_CLI_VERSION = '1.8.2'
const SERVER_MINOR = '1.31.'
const HOME = fileURLToPath(new URL('.', import.meta.url))
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal'

/**
 * Finds or prepares the Temporal CLI: on PATH (same server minor version, because the file database follows it),
 * else cached, else the official release, else built from Go modules pinned by go.sum.
 *
 * @returns the path of the program
 */
export async function temporalBinary(onProgress: OnProgress): Promise<string> {
  const installed = findOnPath('temporal')
  if (installed !== undefined && (await runCommand(installed, ['--version'])).includes(`Server ${SERVER_MINOR}`)) return installed
  const sums = createHash('sha256').update(await readFile(join(HOME, 'go.sum'))).digest('hex').slice(0, 12)
  const fill = (folder: string) => fillFromFirst('temporal', [officialRelease, goBuild], folder, onProgress)
  const folder = await cached({ name: 'temporal', version: `${TEMPORAL_CLI_VERSION}-${sums}`, fill }, onProgress)
  return join(folder, 'temporal')
}

const officialRelease: Source = {
  what: `downloading Temporal CLI ${TEMPORAL_CLI_VERSION}`,
  usual: '10–60 s',
  async fill(folder) {
    const site = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_CLI_VERSION}`
    const archive = `temporal_cli_${TEMPORAL_CLI_VERSION}_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`
    const sums = await downloadText(`${site}/checksums.txt`)
    const digest = new RegExp(`^([0-9a-f]{64}) +\\*?${archive.replaceAll('.', '\\.')}$`, 'm').exec(sums)?.[1]
    if (digest === undefined) throw new Error(`the published checksums do not name ${archive}`)
    const target = join(folder, archive)
    await downloadFile(`${site}/${archive}`, target, 'sha256', digest)
    await runCommand('tar', ['-xzf', target, '-C', folder, 'temporal'])
    await rm(target)
  },
}

const goBuild: Source = {
  what: `building Temporal CLI ${TEMPORAL_CLI_VERSION} from its Go modules`,
  usual: '4–8 min on 2 cores, once',
  async fill(folder) {
    const go = findOnPath('go')
    if (go === undefined) throw new Error('Go (go) is not on PATH')
    const linkerFlags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${TEMPORAL_CLI_VERSION}`
    await runCommand(go, ['build', '-trimpath', `-ldflags=${linkerFlags}`, '-o', join(folder, 'temporal'), GO_PACKAGE], {
      cwd: HOME,
      // Less frequent garbage collection makes the compiler about a quarter faster.
      env: { CGO_ENABLED: '0', GOGC: '800', GOFLAGS: '-mod=readonly' },
    })
  },
}
