import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { freshNamespace, testStack, uniqueName } from '../../tests/support/stack.js'
import { createLog } from '../log.js'
import { startComponents } from '../process.js'
import { bundleWorkflows } from './bundle.js'
import { connectWorkers, createWorkflowClient } from './connect.js'
import { workerComponent } from './worker.js'

const log = createLog({ name: 'test', level: 'silent' })
const workflowsPath = fileURLToPath(new URL('../testing/workflow.ts', import.meta.url))

it('a worker takes workflows from its queue until it is stopped', async () => {
  const { temporalAddress } = await testStack()
  const settings = { temporalAddress, temporalNamespace: await freshNamespace() }
  const connection = await connectWorkers(settings)
  const { client, close } = await createWorkflowClient(settings)
  const taskQueue = uniqueName('queue')
  const worker = workerComponent('worker', { connection, namespace: settings.temporalNamespace, taskQueue, workflowsPath, log })
  const running = await startComponents([worker], log)
  const answer = await client.workflow.execute('greet', { taskQueue, workflowId: uniqueName('greet'), args: ['Changchun'] })
  await running.stop()
  await close()
  await connection.close()
  expect(answer).toBe('hello Changchun')
})

it('a workflow module is bundled once a process', async () => {
  expect(await bundleWorkflows(workflowsPath, log)).toBe(await bundleWorkflows(workflowsPath, log))
})

it('a module that cannot be bundled fails, and is tried again when asked again', async () => {
  const missing = bundleWorkflows('/nowhere/workflow.ts', log)
  await expect(missing).rejects.toThrow('/nowhere')
  expect(bundleWorkflows('/nowhere/workflow.ts', log)).not.toBe(missing)
  await expect(bundleWorkflows('/nowhere/workflow.ts', log)).rejects.toThrow('/nowhere')
})
