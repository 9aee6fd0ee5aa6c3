import type { Client } from '@temporalio/client'
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import { SEARCH_ATTRIBUTES, WORKFLOWS } from '../contracts/workflows.js'
import type { EnrollmentStatus } from '../contracts/enrollment.js'
import type { Log } from '../platform/log.js'
import type { SeasonActivities } from './ports.js'

const ENDS: readonly EnrollmentStatus[] = ['enrolled', 'arranged', 'ended']

/** What the season asks about all its children's workflows. */
export const enrollmentsActivities = (client: Client, log: Log): Pick<SeasonActivities, 'awaitEnrollments'> => ({
  async awaitEnrollments({ season }) {
    const children = `WorkflowType = '${WORKFLOWS.enrollment}' AND ${SEARCH_ATTRIBUTES.season} = '${season}'`
    const count = async (query: string) => (await client.workflow.count(query)).count
    const open = await count(`${children} AND ExecutionStatus = 'Running'`)
    if (open > 0) {
      log.warn({ season, open }, 'the season is over and children have no end yet')
      throw ApplicationFailure.create({ type: 'enrollments-open', message: `${open} children have no end yet`, category: ApplicationFailureCategory.BENIGN })
    }
    const ends = await Promise.all(ENDS.map(async (status) => [status, await count(`${children} AND ${SEARCH_ATTRIBUTES.status} = '${status}'`)] as const))
    return { children: await count(children), ends: Object.fromEntries(ends) }
  },
})
