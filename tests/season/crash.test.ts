import { describe, expect, it } from 'vitest'
import { SERVED, WORKED } from '../../cli/processes/names.js'
import type { ProcessPlan } from '../../cli/platform/launch.js'
import type { Platform } from '../../cli/platform/start.js'
import { rehearsePolicy } from '../../cli/rehearsal/report.js'
import { phaseOpens } from './calendar.js'
import { crash } from './faults.js'
import { platformForTests } from './platform.js'
import { differences, recordOf } from './record.js'

const POLICY = 'changchun-2022'
const CHILDREN = 60
/** Windows long enough for what crashes to come back and for everybody to act in them. */
const SECONDS = 130
const SEED = 11

/** Allocation apart, so that one service can be killed alone. */
const APART: readonly ProcessPlan[] = [
  { name: 'services', serve: SERVED.filter((name) => name !== 'allocation') },
  { name: 'allocation', serve: ['allocation'] },
  { name: 'workers', work: WORKED.filter((name) => name !== 'bridge') },
  { name: 'bridge', work: ['bridge'] },
]

/** What is killed at the opening of which phase, when everybody is busy with it. */
const CRASHES = {
  register: 'workers',
  review: 'bridge',
  'private-choice': 'allocation',
  'public-check-in': 'kafka',
  'vacancy-choice': 'temporal',
}

/** Plays the season on a platform of its own while something happens to it; the same seed gives the same children. */
async function season(meanwhile: (platform: Platform) => Promise<void> = async () => undefined) {
  const platform = await platformForTests({ seed: SEED, plan: APART })
  const over = new AbortController()
  try {
    const rehearsal = rehearsePolicy(platform, { policy: POLICY, children: CHILDREN, seconds: SECONDS, seed: SEED, signal: over.signal })
    const [report] = await Promise.all([rehearsal, meanwhile(platform)])
    return { report, record: await recordOf(platform, report.season) }
  } finally {
    over.abort()
    await platform.stop()
  }
}

describe('a season in which processes are killed', () => {
  it('ends like one in which nothing happened: the audit holds, what was acknowledged and every place are the same', async () => {
    const clean = await season()
    const faulted = await season(async (platform) => {
      for (const [phase, victim] of Object.entries(CRASHES)) {
        await phaseOpens(platform, POLICY, phase)
        await crash(platform, victim)
      }
    })

    for (const { report } of [clean, faulted]) {
      expect(report.audit.violations).toEqual([])
      expect(report.missing).toEqual([])
      expect(report.outcomes['open']).toBeUndefined()
    }
    for (const what of ['acts', 'rounds', 'ends'] as const) {
      expect(clean.record[what]).not.toEqual([])
      expect(differences(clean.record[what], faulted.record[what], ['undisturbed', 'with crashes'])).toEqual([])
    }
  }, 900_000)
})
