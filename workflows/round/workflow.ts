import { getExternalWorkflowHandle, log, setHandler, sleep } from '@temporalio/workflow'
import { seasonWorkflowId, type RoundInput, type RoundView } from '../../contracts/workflows.js'
import { roundQuery, roundStageSignal } from './messages.js'
import { decideRound, freezeRound, publishRound } from './proxies.js'

/**
 * One batch decision for many children: fixes who takes part, decides once, keeps the result secret until its
 * phase opens, and then lets the outcomes out at a bounded rate.
 */
export async function round(input: RoundInput): Promise<RoundView> {
  const { season, phase } = input
  let view: RoundView = { phase, stage: 'waiting' }
  setHandler(roundQuery, () => view)

  await until(input.at)
  view = { ...view, stage: 'freezing' }
  view = { ...view, ...(await freezeRound({ season, phase, expects: input.expects })), stage: 'deciding' }
  view = { ...view, ...(await decideRound({ season, phase })), stage: 'embargoed' }
  await tellSeason(season, view)

  await until(input.publishAt)
  view = { ...view, stage: 'publishing' }
  await publishAll(input)
  view = { ...view, stage: 'published' }
  await tellSeason(season, view)
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
