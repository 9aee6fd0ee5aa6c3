import { fileURLToPath } from 'node:url'
import type { NativeConnection, WorkerOptions } from '@temporalio/worker'
import type { EnrollmentActivities } from '../../activities/ports.js'
import { TASK_QUEUES } from '../../contracts/workflows.js'
import type { Log } from '../../platform/log.js'
import type { Component } from '../../platform/process.js'
import { workerComponent } from '../../platform/temporal/index.js'

/** File of the workflow code alone; what it imports makes the bundle. */
export const ENROLLMENT_WORKFLOW = fileURLToPath(new URL('./workflow.ts', import.meta.url))

export interface EnrollmentWorkerParts {
  connection: NativeConnection
  namespace: string
  activities: EnrollmentActivities
  log: Log
  options?: Partial<WorkerOptions>
}

/**
 * At an instant of the calendar thousands of children want something of the same service. They wait here rather
 * than in the service's queue, where their requests would run out of time.
 */
export const SIZES: Partial<WorkerOptions> = { maxConcurrentActivityTaskExecutions: 12, maxConcurrentLocalActivityExecutions: 24 }

/** Runs the children's workflows and their activities. */
export const createEnrollmentWorker = (parts: EnrollmentWorkerParts): Component =>
  workerComponent('enrollment-worker', {
    ...parts,
    taskQueue: TASK_QUEUES.enrollment,
    workflowsPath: ENROLLMENT_WORKFLOW,
    options: { ...SIZES, ...parts.options },
  })
