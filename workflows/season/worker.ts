import { fileURLToPath } from 'node:url'
import type { NativeConnection, WorkerOptions } from '@temporalio/worker'
import type { SeasonActivities } from '../../activities/ports.js'
import { TASK_QUEUES } from '../../contracts/workflows.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import { workerComponent } from '../../platform/temporal/index.js'

/** File of the workflow code alone; what it imports makes the bundle. */
export const SEASON_WORKFLOW = fileURLToPath(new URL('./workflow.ts', import.meta.url))

export interface SeasonWorkerParts {
  connection: NativeConnection
  namespace: string
  activities: SeasonActivities
  log: Log
  options?: Partial<WorkerOptions>
}

/** Runs the seasons' workflows and their activities. */
export const createSeasonWorker = (parts: SeasonWorkerParts): Component =>
  workerComponent('season-worker', { ...parts, taskQueue: TASK_QUEUES.season, workflowsPath: SEASON_WORKFLOW })
