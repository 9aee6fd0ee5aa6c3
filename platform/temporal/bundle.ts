import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { Log } from '../log.js'
import { temporalLogger } from './log.js'

const bundles = new Map<string, Promise<WorkflowBundleWithSourceMap>>()

/** Bundles a workflow module once a process; a bundle takes seconds. */
export function bundleWorkflows(workflowsPath: string, log: Log): Promise<WorkflowBundleWithSourceMap> {
  const there = bundles.get(workflowsPath)
  if (there) return there
  const bundle = bundleWorkflowCode({ workflowsPath, logger: temporalLogger(log) })
  bundles.set(workflowsPath, bundle)
  bundle.catch(() => bundles.delete(workflowsPath))
  return bundle
}
