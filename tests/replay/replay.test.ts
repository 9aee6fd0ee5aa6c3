import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { beforeAll, describe, expect, it } from 'vitest'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { quietBundle, quietTemporal } from '../support/temporal.js'

const FOLDER = new URL('./histories/', import.meta.url)
const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'))

interface RecordedHistory {
  events: { activityTaskScheduledEventAttributes?: { activityType?: { name?: string } } }[]
}
const read = async (file: string): Promise<RecordedHistory> =>
  JSON.parse(await readFile(fileURLToPath(new URL(file, FOLDER)), 'utf8')) as RecordedHistory

let workflowBundle: WorkflowBundleWithSourceMap
beforeAll(async () => {
  quietTemporal()
  workflowBundle = await quietBundle(ENROLLMENT_WORKFLOW)
})

describe('histories of running seasons', () => {
  it('are there for at least six lives', () => {
    expect(files.length).toBeGreaterThanOrEqual(6)
  })

  it.each(files)('replay with the code of today: %s', async (file) => {
    await Worker.runReplayHistory({ workflowBundle }, await read(file))
  })

  it('do not replay if a command differs', async () => {
    const history = await read('public-ordinary.json')
    const scheduled = history.events.find(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes?.activityType?.name === 'openCase')
    scheduled!.activityTaskScheduledEventAttributes!.activityType!.name = 'issuePaper'
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toBeInstanceOf(DeterminismViolationError)
  })
})
