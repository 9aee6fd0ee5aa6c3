import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Platform } from '../../cli/platform/start.js'
import { rehearsePolicy } from '../../cli/rehearsal/report.js'
import { platformForTests } from './platform.js'

const CHILDREN = 80

describe('a season from the roster to the class list, on the real servers', () => {
  let platform: Platform
  beforeAll(async () => { platform = await platformForTests({ seed: 3 }) }, 300_000)
  afterAll(() => platform?.stop(), 120_000)

  it('runs a made-up city with other phases in another order by its policy alone', async () => {
    const policy = 'policies/examples/linhai-2030.yaml'
    const report = await rehearsePolicy(platform, { policy, children: CHILDREN, seed: 3, signal: new AbortController().signal })
    expect(report.audit.violations).toEqual([])
    expect(report.missing).toEqual([])
    expect(report.outcomes['open']).toBeUndefined()
    expect(report.audit.counted.children).toBe(CHILDREN)
  }, 600_000)
})
