import { afterAll, describe, expect, it } from 'vitest'
import { SERVED, WORKED } from '../../cli/processes/names.js'
import type { ProcessPlan } from '../../cli/platform/launch.js'
import type { Platform } from '../../cli/platform/start.js'
import { ledgerFile } from '../../cli/platform/target.js'
import { readLedger } from '../../cli/audit/sources/ledger.js'
import type { Receipt } from '../../cli/rehearsal/ledger.js'
import { rehearsePolicy } from '../../cli/rehearsal/report.js'
import { placementsOf } from './placements.js'
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
  return { report, receipts: await readLedger(ledgerFile(platform.stateDir, POLICY)), placements: await placementsOf(platform, POLICY) }
}

/** What rounds depend on: who acted how, not when. */
const acts = (receipts: readonly Receipt[]): string[] =>
  receipts
    .filter(({ kind }) => kind !== 'arrangement')
    .map(({ kind, child, phase, outcome, schools }) => [kind, child, phase, outcome, ...(schools ?? [])].join(' '))
    .sort()

describe('a season in which processes are killed', () => {
  const stopping: (() => Promise<void>)[] = []
  afterAll(async () => { for (const stop of stopping) await stop() })

  it('ends like one in which nothing happened: nothing acknowledged is lost and every place is the same', async () => {
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
    expect(acts(faulted.receipts)).toEqual(acts(undisturbed.receipts))
    expect(faulted.placements).toEqual(undisturbed.placements)
  }, 900_000)
})
