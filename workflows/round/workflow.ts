import { condition, getExternalWorkflowHandle, log, setHandler, sleep } from '@temporalio/workflow'
import { seasonWorkflowId, type RoundInput, type RoundView } from '../../contracts/workflows.js'
import { OFFICERS, refuseApproval, refuseRecheck } from './approval.js'
import { approveUpdate, recheckUpdate, roundQuery, roundStageSignal } from './messages.js'
import { checkRound, commitRound, drawRound, freezeRound, proposeRound, publishRound, revealRound } from './proxies.js'

/**
 * One draw for many children, by the ceremony of docs/draw.md: fixes who takes part, commits, reveals, draws, has it
 * checked (a residual round proposes instead), keeps the result secret until two officers have approved it, where the
 * policy says so, and until its phase opens, and then lets the outcomes out at a bounded rate. Groups that the check
 * holds back are drawn again from the same list and randomness, and go out in a supplement, when an officer says that
 * the fault is mended.
 */
export async function round(input: RoundInput): Promise<RoundView> {
  const { season, phase } = input
  let view: RoundView = { phase, stage: 'waiting' }
  let approvedBy: string[] = []
  setHandler(roundQuery, () => view)
  setHandler(approveUpdate, ({ officer }) => {
    approvedBy.push(officer)
    view = { ...view, approvedBy: [...approvedBy] }
    return { approvedBy: [...approvedBy] }
  }, { validator: (request) => refuseApproval(request, view.stage, approvedBy) })
  setHandler(recheckUpdate, () => {
    const supplement = (view.supplement ?? 0) + 1
    view = { phase, run: view.run!, listHash: view.listHash!, supplement, stage: 'deciding' }
    return { supplement }
  }, { validator: (request) => refuseRecheck(request, view) })

  await until(input.at)
  for (let run = 1; ; run += 1) {
    view = { ...view, run, stage: 'freezing' }
    view = { ...view, ...(await freezeRound({ season, phase, run, expects: input.expects })), stage: 'committing' }
    await commitRound({ season, phase, run })
    view = { ...view, stage: 'revealing' }
    const { again } = await revealRound({ season, phase, run })
    if (!again) break
  }
  view = { ...view, stage: 'deciding' }
  while (view.stage === 'deciding') {
    approvedBy = []
    const { run = 1, supplement = 0 } = view
    if (input.proposes) await proposeRound({ season, phase, run })
    else {
      await drawRound({ season, phase, run, supplement })
      view = { ...view, stage: 'checking' }
      const { held } = await checkRound({ season, phase, run, supplement })
      view = { ...view, ...(held.length > 0 && { held }) }
    }
    if (input.approval === 'four-eyes') {
      view = { ...view, stage: 'approving' }
      await tellSeason(season, view)
      await condition(() => approvedBy.length >= OFFICERS)
    }
    view = { ...view, stage: 'embargoed' }
    await tellSeason(season, view)

    await until(input.publishAt)
    view = { ...view, stage: 'publishing' }
    await publishAll(input)
    view = { ...view, stage: 'published' }
    await tellSeason(season, view)
    if (view.held) await condition(() => view.stage === 'deciding')
  }
  return view
}

async function publishAll({ season, phase, technical }: RoundInput): Promise<void> {
  while (true) {
    const { left } = await publishRound({ season, phase, limit: technical.publishBatch })
    if (left === 0) return
    await sleep(technical.publishPauseMs)
  }
}

async function until(at: number): Promise<void> {
  const waitMs = at - Date.now()
  if (waitMs > 0) await sleep(waitMs)
}

/** A round goes on even if its season's workflow was ended by hand. */
async function tellSeason(season: string, view: RoundView): Promise<void> {
  try {
    await getExternalWorkflowHandle(seasonWorkflowId(season)).signal(roundStageSignal, view)
  } catch (error) {
    log.warn('the season does not hear how far the round is', { stage: view.stage, cause: String(error) })
  }
}
