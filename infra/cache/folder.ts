import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where servers are kept between runs: `RUXUE_CACHE`, else `ruxue` in the user's cache folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['RUXUE_CACHE']) return resolve(env['RUXUE_CACHE'])
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ruxue')
}
