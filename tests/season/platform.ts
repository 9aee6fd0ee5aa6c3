import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessPlan } from '../../cli/platform/launch.js'
import { startPlatform, type Platform } from '../../cli/platform/start.js'
import { printProgress } from '../../infra/stack/progress.js'

/**
 * A whole platform of its own: servers, databases, processes, in a folder that goes away when it stops. The same seed
 * gives the same ids, so that two runs can be compared child by child.
 */
export async function platformForTests({ seed, plan }: { seed: number; plan?: readonly ProcessPlan[] }): Promise<Platform> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ruxue-season-'))
  const idKey = createHash('sha256').update(`ids of ${seed}`).digest('hex')
  const platform = await startPlatform({ stateDir, seed, idKey, onProgress: printProgress, ...(plan && { plan }) })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= platform.stop().then(() => rmSync(stateDir, { recursive: true, force: true })))
  return { ...platform, stop }
}
