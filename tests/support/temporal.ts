import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker'

/** Temporal's own log in tests: errors only. */
export const quietLogger = new DefaultLogger('ERROR')
let isQuiet = false

/** Silences the runtime of this process; to be called before its first worker or native connection. */
export function quietTemporal(): void {
  if (isQuiet) return
  isQuiet = true
  Runtime.install({ logger: quietLogger, telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } } })
}

/** Bundles a workflow module without a word. */
export const quietBundle = (workflowsPath: string): Promise<WorkflowBundleWithSourceMap> => bundleWorkflowCode({ workflowsPath, logger: quietLogger })
