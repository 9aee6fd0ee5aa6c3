import { continueAsNew, setHandler } from '@temporalio/workflow'
import type { EndState } from '../../contracts/enrollment.js'
import type { EnrollmentInput } from '../../contracts/workflows.js'
import type { Timeline } from '../../policies/timeline.js'
import { Enrollment } from './enrollment.js'
import { arrangeUpdate, enrollmentQuery, factSignal, flagSignal } from './messages.js'

/**
 * One child's season, from the list to a school or a recorded reason. It waits for a fact or for the next instant
 * that matters to the child, lets the reactor decide, and ends when the season closes or the child leaves.
 */
export async function enrollment(input: EnrollmentInput<Timeline>): Promise<EndState> {
  const child = new Enrollment(input)

  setHandler(factSignal, (fact) => child.on({ kind: 'fact', fact }))
  setHandler(flagSignal, ({ by, reason }) => child.on({ kind: 'flagged', by, reason }))
  setHandler(arrangeUpdate, (request) => child.arrange(request), { validator: (request) => child.refuseArrangement(request) })
  setHandler(enrollmentQuery, () => child.view())

  while (!child.end && !child.isFull) await child.nextBoundary()

  await child.settled()
  if (child.end) return child.end
  return continueAsNew<typeof enrollment>({ ...input, resume: child.state })
}
