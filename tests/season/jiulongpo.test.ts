import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Platform } from '../../cli/platform/start.js'
import { rehearsePolicy } from '../../cli/rehearsal/report.js'
import { platformForTests } from './platform.js'

/** The least number with which every life of the notice occurs. */
const CHILDREN = 108

describe('a season of Jiulongpo on the real servers', () => {
  let platform: Platform
  beforeAll(async () => { platform = await platformForTests({ seed: 5 }) }, 300_000)
  afterAll(() => platform?.stop(), 120_000)

  it.each(['jiulongpo-2023-primary', 'jiulongpo-2023-junior'])('plays every life of %s, with an audit that holds', async (policy) => {
    const report = await rehearsePolicy(platform, { policy, children: CHILDREN, seed: 5, signal: new AbortController().signal })
    expect(report.audit.violations).toEqual([])
    expect(report.missing).toEqual([])
    expect(report.audit.counted.children).toBe(CHILDREN)
  }, 600_000)
})
