import { runCommand } from './cache/command.js'

/**
 * Checks that the second implementation of draws, a Python program, can run.
 *
 * @returns Python's own program: what is called `python3` may be a script that looks for it each time
 * @throws Error when there is no `python3`, or it is older than 3.9
 */
export async function checkPython(): Promise<string> {
  try {
    return (await runCommand('python3', ['-c', 'import sys; print(sys.executable); sys.exit(sys.version_info < (3, 9))'])).trim()
  } catch (cause) {
    throw new Error('Draws are checked by a Python program before anything is published: install Python 3.9 or newer as python3', { cause })
  }
}
