import { afterAll, describe, expect, it } from 'vitest'
import { SERVED, WORKED } from '../../cli/processes/names.js'
import type { ProcessPlan } from '../../cli/platform/launch.js'
import type { Platform } from '../../cli/platform/start.js'
import { rehearsePolicy } from '../../cli/rehearsal/report.js'
import { roundsOf, type RoundRecord } from './placements.js'
import { crash, phaseOpens } from './faults.js'
import { platformForTests } from './platform.js'

const POLICY = 'changchun-2022'
const CHILDREN = 80
/** Windows long enough to crash, come back and do everybody's work in. */
const SECONDS_WITH_FAULTS = 260
const SEED = 11

/** Allocation apart, so that one service can be killed alone. */
const APART: readonly ProcessPlan[] = [
  { name: 'services', serve: SERVED.filter((name) => name !== 'allocation') },
  { name: 'allocation', serve: ['allocation'] },
  { name: 'workers', work: WORKED.filter((name) => name !== 'bridge') },
  { name: 'bridge', work: ['bridge'] },
]

const season = async (platform: Platform, seconds?: number) => {
  const request = { policy: POLICY, children: CHILDREN, seed: SEED, signal: new AbortController().signal, ...(seconds !== undefined && { seconds }) }
  const report = await rehearsePolicy(platform, request)
  return { report, rounds: await roundsOf(platform, POLICY) }
}

/** Rounds that two runs decided from the same list and the same seats, as pairs. */
const pairs = (rounds: readonly RoundRecord[], others: readonly RoundRecord[]): [RoundRecord, RoundRecord][] =>
  rounds.flatMap((round) => {
    const other = others.find(({ phase, from }) => phase === round.phase && from === round.from)
    return other ? [[round, other] as [RoundRecord, RoundRecord]] : []
  })

describe('a season in which processes are killed', () => {
  const stopping: (() => Promise<void>)[] = []
  afterAll(async () => { for (const stop of stopping) await stop() })

  it('ends with an audit that holds: nothing acknowledged is lost, and the same lists and seats give the same places', async () => {
    const clean = await platformForTests({ seed: SEED })
    stopping.push(clean.stop)
    const undisturbed = await season(clean)
    await clean.stop()

    const disturbed = await platformForTests({ seed: SEED, plan: APART })
    stopping.push(disturbed.stop)
    const faults = async () => {
      await phaseOpens(disturbed, POLICY, 'register')
      await crash(disturbed, 'bridge')
      await phaseOpens(disturbed, POLICY, 'review')
      await crash(disturbed, 'workers')
      await phaseOpens(disturbed, POLICY, 'private-choice')
      await crash(disturbed, 'allocation')
      await phaseOpens(disturbed, POLICY, 'public-check-in')
      await crash(disturbed, 'kafka')
    }
    const [faulted] = await Promise.all([season(disturbed, SECONDS_WITH_FAULTS), faults()])

    expect(undisturbed.report.audit.violations).toEqual([])
    expect(faulted.report.audit.violations).toEqual([])
    expect(faulted.rounds.map(({ phase }) => phase)).toEqual(undisturbed.rounds.map(({ phase }) => phase))
    // Families may act otherwise when a service is away for a moment; where a round had the same before it, it gave the same.
    const same = pairs(undisturbed.rounds, faulted.rounds)
    expect(same.length).toBeGreaterThan(0)
    for (const [one, other] of same) expect(other.places).toEqual(one.places)
  }, 900_000)
})
