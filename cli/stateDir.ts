import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Option } from 'commander'

/** Folder of the running platform's data, unless `--state` names another. */
export const DEFAULT_STATE_DIR = fileURLToPath(new URL('../.ruxue', import.meta.url))

/** The option that names the state folder. */
export function stateDirOption(): Option {
  return new Option('--state <folder>', 'folder of all data, logs and addresses').default(DEFAULT_STATE_DIR, '.ruxue').argParser((path) => resolve(path))
}
