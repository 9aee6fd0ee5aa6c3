import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import pLimit from 'p-limit'
import type { EndState } from '../../../contracts/enrollment.js'
import { enrollmentWorkflowId, roundWorkflowId, seasonWorkflowId } from '../../../contracts/workflows.js'

/** A child's workflow, its runs taken together. */
export interface ChildWorkflow {
  child: string
  status: string
  /** Events over all its runs. */
  historyEvents: number
  /** What it returned, if it completed. */
  end?: EndState
}

const AT_ONCE = 16

/** Every enrollment workflow of a season, without results. */
export async function listEnrollments(client: Client, season: string): Promise<Map<string, ChildWorkflow>> {
  const prefix = enrollmentWorkflowId(season, '')
  const workflows = new Map<string, ChildWorkflow>()
  for await (const run of client.workflow.list({ query: `WorkflowId STARTS_WITH "${prefix}"`, pageSize: 1_000 })) {
    const child = run.workflowId.slice(prefix.length)
    const known = workflows.get(child)
    const historyEvents = (known?.historyEvents ?? 0) + run.historyLength
    const status = run.status.name === 'CONTINUED_AS_NEW' && known ? known.status : run.status.name
    workflows.set(child, { child, status, historyEvents })
  }
  return workflows
}

/** Every enrollment workflow of a season, with its result. */
export async function readEnrollments(client: Client, season: string): Promise<Map<string, ChildWorkflow>> {
  const workflows = await listEnrollments(client, season)
  const limit = pLimit(AT_ONCE)
  await Promise.all([...workflows.values()].filter(({ status }) => status === 'COMPLETED').map((workflow) => limit(async () => {
    workflow.end = (await client.workflow.getHandle(enrollmentWorkflowId(season, workflow.child)).result()) as EndState
  })))
  return workflows
}

/** Ids of the season's workflows that are still running, at most `most`. */
export async function readRunning(client: Client, season: string, most = 20): Promise<string[]> {
  const prefixes = [enrollmentWorkflowId(season, ''), roundWorkflowId(season, '')].map((prefix) => `WorkflowId STARTS_WITH "${prefix}"`)
  const query = `ExecutionStatus = "Running" AND (${[...prefixes, `WorkflowId = "${seasonWorkflowId(season)}"`].join(' OR ')})`
  const running: string[] = []
  for await (const run of client.workflow.list({ query, pageSize: most }) as AsyncIterable<WorkflowExecutionInfo>) {
    running.push(run.workflowId)
    if (running.length === most) break
  }
  return running
}
