import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const HOME = fileURLToPath(new URL('../..', import.meta.url))

/** How many checks or tests passed and failed. */
export interface Count {
  readonly passed: number
  readonly failed: number
}

/**
 * Runs a tool of the project in the foreground.
 *
 * @returns its exit code; a tool ended by a signal counts as failed
 */
export function runTool(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(join(HOME, 'node_modules', '.bin', name), args, { cwd: HOME, stdio: 'inherit', env: { ...process.env, ...env } })
  // Ctrl-C reaches the tool too; we stay until it has cleaned up.
  const signals = ['SIGINT', 'SIGTERM'] as const
  const handOn = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of signals) process.on(signal, handOn)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, handOn)
      resolve(code ?? 1)
    })
  })
}
