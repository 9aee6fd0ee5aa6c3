import type { Platform } from '../../cli/platform/start.js'
import { connect } from '../../cli/rehearsal/actors/stage.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { tokenSource } from '../../platform/auth.js'

/** Waits until a phase of the season is open, as the console shows it. */
export async function phaseOpens(platform: Platform, season: string, phase: string): Promise<void> {
  const token = tokenSource(platform.issuer, { subject: 'test', role: 'city' })
  const { console: screens } = connect(platform.addresses)
  await waitUntil(`${phase} to open`, async () => {
    const { phases } = await screens.listPhases({ token: await token(), params: { season } })
    if (phases.find((one) => one.phase === phase)?.state !== 'open') throw new Error(`${phase} is not open`)
  }, { timeoutMs: 300_000 })
}

/** Ends one of the platform's processes or servers without warning and starts it again. */
export async function crash(platform: Platform, name: string): Promise<void> {
  const server = platform.stack.server(name)
  await server.kill('SIGKILL')
  await server.restart()
}
