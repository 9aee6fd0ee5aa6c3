import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker'
import type { Log } from '../log.js'
import { keepBundle, keptBundle } from './bundle-cache.js'
import { temporalLogger } from './log.js'

const bundles = new Map<string, Promise<WorkflowBundle>>()

/** Bundles a workflow module once a process, and anew only if its sources have changed: a bundle takes seconds. */
export function bundleWorkflows(workflowsPath: string, log: Log): Promise<WorkflowBundle> {
  const there = bundles.get(workflowsPath)
  if (there) return there
  const bundle = makeBundle(workflowsPath, log)
  bundles.set(workflowsPath, bundle)
  bundle.catch(() => bundles.delete(workflowsPath))
  return bundle
}

async function makeBundle(workflowsPath: string, log: Log): Promise<WorkflowBundle> {
  const kept = await keptBundle(workflowsPath)
  if (kept !== undefined) return { code: kept }
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: temporalLogger(log) })
  await keepBundle(workflowsPath, code).catch((err: unknown) => log.warn({ err }, 'workflow bundle not kept for the next start'))
  return { code }
}
