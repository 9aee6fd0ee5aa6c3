import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { EnrollmentStatus } from '../../contracts/enrollment.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { ChildId, SeasonId } from '../../contracts/ids.js'
import { SEARCH_ATTRIBUTES, SIGNALS, TASK_QUEUES, WORKFLOWS, enrollmentWorkflowId, type EnrollmentInput } from '../../contracts/workflows.js'
import type { Timeline } from '../../policies/timeline.js'

const SEASON = defineSearchAttributeKey(SEARCH_ATTRIBUTES.season, 'KEYWORD')
const STATUS = defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD')
const DISTRICT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.district, 'KEYWORD')

/** What telling a child's workflow came to: it has the fact, it has ended, or there never was one. */
export type Told = 'told' | 'ended' | 'absent'

/** The children's workflows as those see them who start and inform them. */
export interface ChildWorkflows {
  /** Starts the child's workflow with its first fact, or tells the one that runs; once a season. */
  start(input: EnrollmentInput<Timeline>, fact: ChildFact): Promise<Exclude<Told, 'absent'>>
  tell(fact: ChildFact): Promise<Told>
}

/** @param client of the namespace in which the children's workflows run */
export function createChildWorkflows(client: Client): ChildWorkflows {
  return {
    start: (input, fact) => start(client, input, fact),
    tell: (fact) => tell(client, fact),
  }
}

async function start(client: Client, input: EnrollmentInput<Timeline>, fact: ChildFact): Promise<'told' | 'ended'> {
  const listed: EnrollmentStatus = 'listed'
  try {
    await client.workflow.signalWithStart(WORKFLOWS.enrollment, {
      workflowId: enrollmentWorkflowId(input.season, input.child),
      taskQueue: TASK_QUEUES.enrollment,
      args: [input],
      signal: SIGNALS.fact,
      signalArgs: [fact],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: [
        { key: SEASON, value: input.season },
        { key: STATUS, value: listed },
        ...(fact.district ? [{ key: DISTRICT, value: fact.district }] : []),
      ],
    })
    return 'told'
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ended'
    throw error
  }
}

async function tell(client: Client, fact: ChildFact): Promise<Told> {
  const handle = client.workflow.getHandle(enrollmentWorkflowId(fact.season, fact.child))
  try {
    await handle.signal<[ChildFact]>(SIGNALS.fact, fact)
    return 'told'
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    return (await exists(client, fact.season, fact.child)) ? 'ended' : 'absent'
  }
}

async function exists(client: Client, season: SeasonId, child: ChildId): Promise<boolean> {
  try {
    await client.workflow.getHandle(enrollmentWorkflowId(season, child)).describe()
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
