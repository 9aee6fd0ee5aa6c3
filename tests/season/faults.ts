import type { Platform } from '../../cli/platform/start.js'

/** Ends one of the platform's processes or servers without warning and starts it again. */
export async function crash(platform: Platform, name: string): Promise<void> {
  const server = platform.stack.server(name)
  await server.kill('SIGKILL')
  await server.restart()
}
