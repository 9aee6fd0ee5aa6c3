import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorkflowCode } from '@temporalio/worker'
import { fileURLToPath } from 'node:url'
import { loadPolicy } from '../../policies/load.js'
import { LIVES } from './lives.js'
import { runSeason, timeSkippingEnvironment, type SeasonRun } from './run-season.js'

let env: TestWorkflowEnvironment
let run: SeasonRun

beforeAll(async () => {
  env = await timeSkippingEnvironment()
  const bundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../../workflows/enrollment/workflow.ts', import.meta.url)) })
  const { timeline } = await loadPolicy('changchun-2022')
  run = await runSeason(env, bundle, timeline, LIVES)
})
afterAll(() => env?.teardown())

describe('Changchun 2022', () => {
  it('x', () => {
    for (const life of run.lives.values()) {
      console.log(life.name, life.events, JSON.stringify(life.end), run.standIns.statusesOf(life.child.id).join(', '), JSON.stringify(run.standIns.commandsOf(life.child.id).map((c) => `${c.command} ${c.phase} ${c.paper ?? ''} ${c.school ?? ''} ${c.exchanges ?? ''}`)), JSON.stringify(life.view.outcomes))
    }
    expect(run.lives.size).toBe(LIVES.length)
  })
})
