import type { Platform } from '../../cli/platform/start.js'
import { connect } from '../../cli/rehearsal/actors/stage.js'
import { waitUntil } from '../../infra/stack/wait.js'

export type PhaseView = Awaited<ReturnType<ReturnType<typeof connect>['console']['listPhases']>>['phases'][number]

/** A phase of the season as the console shows it. */
export async function phaseOf(platform: Platform, season: string, id: string): Promise<PhaseView> {
  const token = await platform.issuer.sign({ subject: 'test', role: 'city' }, 60)
  const { phases } = await connect(platform.addresses).console.listPhases({ token, params: { season } })
  const phase = phases.find((one) => one.phase === id)
  if (!phase) throw new Error(`the console knows no phase ${id}`)
  return phase
}

/** Waits until a phase of the season is open, as the console shows it. */
export const phaseOpens = (platform: Platform, season: string, id: string): Promise<PhaseView> =>
  waitUntil(`${id} to open`, async () => {
    const phase = await phaseOf(platform, season, id)
    if (phase.state !== 'open') throw new Error(`${id} is ${phase.state}`)
    return phase
  }, { timeoutMs: 300_000 })
