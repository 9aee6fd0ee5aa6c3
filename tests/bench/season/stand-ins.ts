import type { AskedOutcome, EnrollmentActivities } from '../../../activities/ports.js'
import type { ChildId } from '../../../contracts/ids.js'
import { phaseById } from '../../../policies/timeline.js'
import type { BareActivities } from './bare.js'
import type { ChildPlan } from './plan.js'

const unscripted = async (): Promise<never> => { throw new Error('Nobody in this benchmark leaves or waits for the desk') }

/** Services that answer at once, as the plan says they would. */
export const instantActivities = (plans: ReadonlyMap<ChildId, ChildPlan>): EnrollmentActivities => ({
  async askOutcome({ child, phase, owner }): Promise<AskedOutcome> {
    const { input, said } = plans.get(child)!
    const { closesAt } = phaseById(input.timeline, phase)
    const now = Date.now()
    if (now < closesAt) return { state: 'open', closesAt }
    return { state: 'closed', facts: said.findLast(({ at }) => at <= now)?.known[owner] ?? [] }
  },
  publishEnrollment: async () => undefined,
  openCase: async () => undefined,
  issuePaper: async () => undefined,
  release: unscripted,
  arrange: unscripted,
})

export const bareActivities: BareActivities = {
  noOp: async () => undefined,
  noOpLocal: async (bytes) => 'x'.repeat(bytes),
}
