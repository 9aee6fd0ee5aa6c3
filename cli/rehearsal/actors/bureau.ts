import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { attempt, pause, type Stage } from './stage.js'

const OFFICERS = ['bureau-first', 'bureau-second'] as const
const LOOK_AGAIN_MS = 200

/** Two officers approve a round, where the policy asks for it, as soon as it is checked. */
export async function approve(stage: Stage, { id }: TimelinePhaseOf<'round'>): Promise<void> {
  const { season, timeline: { closesAt }, apis } = stage
  for (const subject of OFFICERS) {
    const token = await stage.identity.staff({ subject, role: 'city' })
    const isDecided = async () => {
      const answer = await attempt(stage, closesAt, () => apis.console.listRounds({ token, params: { season } }))
      return answer?.rounds.find(({ phase }) => phase === id)?.state === 'decided'
    }
    const hasApproved = async () => (await isDecided()) && (await attempt(stage, closesAt, () => apis.console.approveRound({ token, params: { season, phase: id }, body: {} }))) !== undefined
    while (Date.now() < closesAt && !stage.signal.aborted && !(await hasApproved())) await pause(LOOK_AGAIN_MS)
  }
}
