import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import type { Component } from '../process.js'
import type { Log } from '../log.js'
import { bundleWorkflows } from './bundle.js'

export interface WorkerSettings {
  connection: NativeConnection
  namespace: string
  taskQueue: string
  /** File of the workflow module, absolute. */
  workflowsPath?: string
  activities?: object
  log: Log
  /** Anything that should differ from the defaults below. */
  options?: Partial<WorkerOptions>
}

/** Sized for two cores: the workflow sandbox is CPU-bound, activities mostly wait for services. */
const SIZES: Partial<WorkerOptions> = {
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentActivityTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 100,
  workflowTaskPollerBehavior: { type: 'autoscaling', initial: 4, maximum: 10 },
  activityTaskPollerBehavior: { type: 'autoscaling', initial: 2, maximum: 8 },
  maxCachedWorkflows: 2_000,
  reuseV8Context: true,
  shutdownGraceTime: '5 s',
  shutdownForceTime: '10 s',
}

/** A worker as a component: it starts polling, and on stop finishes what it has in hand. */
export function workerComponent(name: string, settings: WorkerSettings): Component {
  let worker: Worker | undefined
  let running: Promise<void> = Promise.resolve()
  let fail: ((error: unknown) => void) | undefined
  const failed = new Promise<never>((_resolve, reject) => { fail = reject })
  failed.catch(() => undefined)
  return {
    name,
    failed,
    async start() {
      const { connection, namespace, taskQueue, workflowsPath, activities, log, options } = settings
      worker = await Worker.create({
        connection,
        namespace,
        taskQueue,
        ...(workflowsPath !== undefined && { workflowBundle: await bundleWorkflows(workflowsPath, log) }),
        ...(activities && { activities }),
        ...SIZES,
        ...options,
      })
      running = worker.run().catch((error: unknown) => fail?.(error))
    },
    async stop() {
      if (worker?.getState() === 'RUNNING') worker.shutdown()
      await running
    },
  }
}
