import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { everyPage } from '../../everyPage.js'
import { attempt, pause, type Stage } from './stage.js'

type Round = TimelinePhaseOf<'round'>

const OFFICERS = ['bureau-first', 'bureau-second'] as const
const LOOK_AGAIN_MS = 200

/** What the bureau does about a round, as soon as it is decided: judges its proposals, and two officers approve it. */
export async function approve(stage: Stage, round: Round): Promise<void> {
  for (const subject of OFFICERS) {
    const token = await stage.identity.staff({ subject, role: 'city' })
    await decided(stage, round, token)
    if (round.method === 'residual' && subject === OFFICERS[0]) await judge(stage, round, token)
    const hasApproved = async () => (await approveOnce(stage, round, token)) !== undefined
    while (isGoingOn(stage) && !(await hasApproved())) await pause(LOOK_AGAIN_MS)
  }
}

const isGoingOn = ({ timeline: { closesAt }, signal }: Stage): boolean => Date.now() < closesAt && !signal.aborted

async function decided(stage: Stage, { id }: Round, token: string): Promise<void> {
  const { season, timeline: { closesAt }, apis } = stage
  const isDecided = async () => {
    const answer = await attempt(stage, closesAt, () => apis.console.listRounds({ token, params: { season } }))
    return answer?.rounds.find(({ phase }) => phase === id)?.state === 'decided'
  }
  while (isGoingOn(stage) && !(await isDecided())) await pause(LOOK_AGAIN_MS)
}

const approveOnce = (stage: Stage, { id }: Round, token: string) =>
  attempt(stage, stage.timeline.closesAt, () => stage.apis.console.approveRound({ token, params: { season: stage.season, phase: id }, body: {} }))

/** The first proposal on its own, then all others at once. */
async function judge(stage: Stage, { id: phase }: Round, token: string): Promise<void> {
  const { apis, season, timeline: { closesAt } } = stage
  const params = { season, phase }
  const proposals = await everyPage(async (cursor) => {
    const page = await attempt(stage, closesAt, () => apis.allocation.listProposals({ token, params, query: { limit: 500, ...cursor } }))
    return { items: page?.proposals ?? [], next: page?.next }
  })
  const first = proposals.find(({ school }) => school !== null)
  if (!first) return
  for (const children of [[first.child], 'all' as const]) {
    await attempt(stage, closesAt, () => apis.allocation.judgeProposals({ token, params, body: { verdict: 'approved', children } }))
  }
}
