import { beforeAll, describe, expect, it } from 'vitest'
import { ENROLLMENT_WORKFLOW } from './enrollment/worker.js'
import { ROUND_WORKFLOW } from './round/worker.js'
import { SEASON_WORKFLOW } from './season/worker.js'
import { quietBundle } from '../tests/support/temporal.js'

/** Temporal's own part of a bundle is some 460 KiB of source; ours is to stay small beside it. */
const LARGEST_OWN_BYTES = 120_000
const LARGEST_BUNDLE_BYTES = 2_500_000
const OURS = /(?:^|\/)((?:contracts|policies|workflows|activities|platform|services|infra|cli)\/[\w/.-]+\.ts)$/
const ALLOWED = /^(contracts\/(workflows|ids|enrollment|facts|events\/types)|policies\/[a-z-]+|workflows\/((enrollment|round|season)\/)?[a-z-]+)\.ts$/
const OTHERS = /node_modules\/((?:@[\w-]+\/)?[\w.-]+)/
/** What the SDK's workflow package itself is made of. */
const SDK = ['@temporalio/workflow', '@temporalio/common', 'nexus-rpc', 'long', 'ms']

interface Module {
  path: string
  bytes: number
}

/** Everything a bundle holds, as its source map lists it. */
async function modulesOf(workflowsPath: string): Promise<{ modules: Module[]; size: number }> {
  const { code } = await quietBundle(workflowsPath)
  const map = /sourceMappingURL=data:[^,]*;base64,([A-Za-z0-9+/=]+)/.exec(code)?.[1]
  if (!map) throw new Error('the bundle has no source map')
  const { sources, sourcesContent } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[]; sourcesContent: string[] }
  return { size: code.length, modules: sources.map((path, at) => ({ path, bytes: sourcesContent[at]?.length ?? 0 })) }
}

describe.each([['enrollment', ENROLLMENT_WORKFLOW], ['round', ROUND_WORKFLOW], ['season', SEASON_WORKFLOW]])('the bundle of %s', (name, path) => {
  let bundle: Awaited<ReturnType<typeof modulesOf>>
  const own = () => bundle.modules.flatMap(({ path: file, bytes }) => {
    const ours = file.includes('node_modules') ? undefined : OURS.exec(file)?.[1]
    return ours ? [{ path: ours, bytes }] : []
  })
  beforeAll(async () => {
    bundle = await modulesOf(path)
  })

  it('holds workflow code, the pure part of the policies and plain contracts, and nothing else of ours', () => {
    expect(own().map((module) => module.path)).toContain(`workflows/${name}/workflow.ts`)
    expect(own().filter((module) => !ALLOWED.test(module.path))).toEqual([])
  })

  it('holds no package but the SDK’s own: no zod, no client, no Node built-in', () => {
    const packages = new Set(bundle.modules.flatMap((module) => OTHERS.exec(module.path)?.[1] ?? []))
    expect([...packages].filter((used) => !SDK.includes(used))).toEqual([])
    expect(bundle.modules.filter((module) => /(^|\s)external |node:/.test(module.path))).toEqual([])
  })

  it('is small', () => {
    expect(own().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(LARGEST_OWN_BYTES)
    expect(bundle.size).toBeLessThan(LARGEST_BUNDLE_BYTES)
  })
})
