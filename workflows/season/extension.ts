import { FAILURES, type ExtendRequest } from '../../contracts/workflows.js'
import { latestClosing } from '../../policies/dependents.js'
import type { Timeline } from '../../policies/timeline.js'
import { refusal } from '../refusal.js'

/**
 * Whether the calendar lets a phase end later. Whether its window still runs is for its owner to say.
 * @param current when it closes now (ms)
 * @throws ApplicationFailure `invalid-input`, `unknown-phase`, `extension-refused`
 */
export function refuseExtension(request: ExtendRequest, timeline: Timeline, current: (phase: string) => number, isClosed: boolean): void {
  const { phase: id, closesAt, officer, reason } = request
  if (!officer || !reason?.trim() || !Number.isInteger(closesAt)) {
    throw refusal(FAILURES.invalidInput, 'An extension names its officer, its reason and the new end in milliseconds')
  }
  const phase = timeline.phases.find((candidate) => candidate.id === id)
  if (!phase) throw refusal(FAILURES.unknownPhase, `The season has no phase ${id}`)
  if (phase.opensAt === phase.closesAt || phase.owner === 'workflow') throw refusal(FAILURES.extensionRefused, `${id} has no window`)
  if (isClosed) throw refusal(FAILURES.extensionRefused, `${id} is closed`)
  if (closesAt <= current(id)) throw refusal(FAILURES.extensionRefused, `${id} can only end later than it does`)
  const latest = latestClosing(timeline, id)
  if (closesAt > latest) {
    throw refusal(FAILURES.extensionRefused, `${id} can end no later than ${new Date(latest).toISOString()}: a phase depends on it`)
  }
}
