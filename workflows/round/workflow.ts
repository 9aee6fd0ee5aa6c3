import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow'
import type { RoundInput, RoundView } from '../../contracts/workflows.js'
import { refuseApproval, refuseRecheck, refuseRestart, refuseVoid } from './approval.js'
import { approveUpdate, recheckUpdate, restartUpdate, roundQuery, voidUpdate } from './messages.js'
import { Round } from './round.js'

/**
 * One draw for many children, by the ceremony of docs/draw.md: fixes who takes part, commits, reveals, draws, has it
 * checked (a residual round proposes instead), keeps the result secret until two officers have approved it, where the
 * policy says so, and until its phase opens, and then lets the outcomes out at a bounded rate. Groups that the check
 * holds back are drawn again from the same list and randomness, and go out in a supplement, when an officer says that
 * the fault is mended. Until the publication begins two officers may declare the run void, whose plans were wrong; the
 * next one begins when an officer says that they are right.
 */
export async function round(input: RoundInput): Promise<RoundView> {
  const held = new Round(input)
  setHandler(roundQuery, () => held.view)
  setHandler(approveUpdate, ({ officer }) => ({ approvedBy: held.approve(officer) }), { validator: (request) => refuseApproval(request, held.view) })
  setHandler(recheckUpdate, () => ({ supplement: held.recheck() }), { validator: (request) => refuseRecheck(request, held.view) })
  setHandler(voidUpdate, (request) => held.askVoid(request), { validator: (request) => refuseVoid(request, held.view) })
  setHandler(restartUpdate, (request) => ({ run: held.restart(request) }), { validator: (request) => refuseRestart(request, held.view) })
  await held.hold()
  await condition(allHandlersFinished)
  return held.view
}
