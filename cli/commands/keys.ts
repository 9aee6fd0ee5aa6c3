import { existsSync } from 'node:fs'

import { Command } from 'commander'

import { ensureTokenKeys } from '../../platform/auth.js'

/** `ruxue keys FILE`: makes the key pair with which bearer tokens are signed and checked. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('make the keys of the bearer tokens, in a file that only its owner may read')
    .argument('<file>', 'where to write them; an existing file is left as it is')
    .action(async (file: string) => {
      if (existsSync(file)) throw new Error(`${file} exists already; new keys would make every token in use invalid`)
      await ensureTokenKeys(file)
      process.stdout.write(`${file} written\n`)
    })
}
