import { fileURLToPath } from 'node:url'
import type { NativeConnection, WorkerOptions } from '@temporalio/worker'
import type { RoundActivities } from '../../activities/ports.js'
import { TASK_QUEUES } from '../../contracts/workflows.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import { workerComponent } from '../../platform/temporal/index.js'

/** File of the workflow code alone; what it imports makes the bundle. */
export const ROUND_WORKFLOW = fileURLToPath(new URL('./workflow.ts', import.meta.url))

export interface RoundWorkerParts {
  connection: NativeConnection
  namespace: string
  activities: RoundActivities
  log: Log
  options?: Partial<WorkerOptions>
}

/** Runs the rounds' workflows and their activities. */
export const createRoundWorker = (parts: RoundWorkerParts): Component =>
  workerComponent('round-worker', { ...parts, taskQueue: TASK_QUEUES.round, workflowsPath: ROUND_WORKFLOW })
