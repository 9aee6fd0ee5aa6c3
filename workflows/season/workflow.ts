import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow'
import type { ClosingReport } from '../../activities/ports.js'
import type { SeasonInput } from '../../contracts/workflows.js'
import type { Timeline } from '../../policies/timeline.js'
import { extendUpdate, roundStageSignal, seasonQuery } from './messages.js'
import { Season } from './season.js'

/**
 * One city's calendar, from opening to the closing report. Each phase's owner holds its window; this workflow
 * sees to it that every phase is closed, every round decided and every child has an end.
 */
export async function season(input: SeasonInput<Timeline>): Promise<ClosingReport> {
  const calendar = new Season(input)

  setHandler(seasonQuery, () => calendar.view())
  setHandler(roundStageSignal, (round) => calendar.hear(round))
  setHandler(extendUpdate, (request) => calendar.extend(request), { validator: (request) => calendar.refuseExtension(request) })

  await calendar.open()
  await calendar.walk()
  const report = await calendar.close()
  await condition(allHandlersFinished)
  return report
}
