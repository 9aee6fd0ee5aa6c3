import { randomUUID } from 'node:crypto'
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client'
import type { EnrollmentView } from '../../../contracts/enrollment.js'
import {
  QUERIES, SIGNALS, TASK_QUEUES, UPDATES, WORKFLOWS, enrollmentWorkflowId, roundWorkflowId, seasonWorkflowId,
  type ApproveAnswer, type ApproveRequest, type ArrangeAnswer, type ArrangeRequest, type ExtendAnswer, type ExtendRequest, type FlagSignal, type RecheckAnswer, type RecheckRequest, type RestartAnswer, type RestartRequest, type RoundView, type SeasonInput, type Technical,
  type VoidAnswer, type VoidRequest,
} from '../../../contracts/workflows.js'
import type { Timeline } from '../../../policies/timeline.js'
import { problem } from '../../../platform/problem.js'
import { asRefusal, isGone } from './refusal.js'

/** What the console asks of workflows and tells them. */
export interface Workflows {
  /** @throws Problem `different-season`, `season-closed` */
  startSeason(season: string, timeline: Timeline): Promise<{ workflow: string; new: boolean }>
  /** @throws Problem as the season refuses, `unknown-season` */
  extendPhase(season: string, request: ExtendRequest, id?: string): Promise<ExtendAnswer>
  /** @throws Problem as the round refuses, `round-conflict` if it has not begun or has ended */
  approve(season: string, phase: string, request: ApproveRequest, id?: string): Promise<ApproveAnswer>
  /** @throws as `approve` */
  recheck(season: string, phase: string, request: RecheckRequest, id?: string): Promise<RecheckAnswer>
  /** @throws as `approve`, `timed-out` */
  voidRound(season: string, phase: string, request: VoidRequest, id?: string): Promise<VoidAnswer>
  /** @throws as `approve` */
  restart(season: string, phase: string, request: RestartRequest, id?: string): Promise<RestartAnswer>
  /** @throws Problem `season-closed` */
  flag(season: string, child: string, signal: FlagSignal): Promise<void>
  /** @throws Problem as the child's workflow refuses, `season-closed` */
  arrange(season: string, child: string, request: ArrangeRequest, id?: string): Promise<ArrangeAnswer>
  /** @throws if there is no workflow or none answers soon: what it says is an extra, no page waits for it */
  getEnrollment(season: string, child: string): Promise<EnrollmentView>
  /** @throws as `getEnrollment` */
  getRound(season: string, phase: string): Promise<RoundView>
}

const LIVE_TIMEOUT_MS = 1_500

export function createWorkflows(client: Client, technical: Technical): Workflows {
  const child = (season: string, id: string) => client.workflow.getHandle(enrollmentWorkflowId(season, id))
  /** An officer's command to a round; the same id is carried out once. */
  const toRound = <Answer, Asked>(update: string) => (season: string, phase: string, request: Asked, id?: string): Promise<Answer> =>
    client.workflow.getHandle(roundWorkflowId(season, phase)).executeUpdate<Answer, [Asked]>(update, { args: [request], updateId: id ?? randomUUID() })
      .catch((error: unknown) => {
        if (isGone(error)) throw problem('round-conflict', 'The round has not begun, or is published')
        return asRefusal(error)
      })
  return {
    startSeason: (season, timeline) => startSeason(client, { season, timeline, technical }),
    extendPhase: (season, request, id) =>
      client.workflow.getHandle(seasonWorkflowId(season))
        .executeUpdate<ExtendAnswer, [ExtendRequest]>(UPDATES.extendPhase, { args: [request], updateId: id ?? randomUUID() })
        .catch(asRefusal),
    approve: toRound<ApproveAnswer, ApproveRequest>(UPDATES.approve),
    recheck: toRound<RecheckAnswer, RecheckRequest>(UPDATES.recheck),
    voidRound: toRound<VoidAnswer, VoidRequest>(UPDATES.void),
    restart: toRound<RestartAnswer, RestartRequest>(UPDATES.restart),
    flag: (season, id, signal) => child(season, id).signal<[FlagSignal]>(SIGNALS.flagForArrangement, signal).catch(asRefusal),
    arrange: (season, id, request, updateId) =>
      child(season, id)
        .executeUpdate<ArrangeAnswer, [ArrangeRequest]>(UPDATES.arrange, { args: [request], updateId: updateId ?? randomUUID() })
        .catch(asRefusal),
    getEnrollment: (season, id) =>
      client.withDeadline(Date.now() + LIVE_TIMEOUT_MS, () => child(season, id).query<EnrollmentView>(QUERIES.getEnrollment)),
    getRound: (season, phase) =>
      client.withDeadline(Date.now() + LIVE_TIMEOUT_MS, () => client.workflow.getHandle(roundWorkflowId(season, phase)).query<RoundView>(QUERIES.getRound)),
  }
}

/** "Once a season" is the workflow's id; the hash of its policy stands in the memo, readable without a worker. */
async function startSeason(client: Client, input: SeasonInput<Timeline>): Promise<{ workflow: string; new: boolean }> {
  const workflowId = seasonWorkflowId(input.season)
  const { hash } = input.timeline.policy
  try {
    await client.workflow.start(WORKFLOWS.season, {
      workflowId,
      taskQueue: TASK_QUEUES.season,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      memo: { policyHash: hash },
      args: [input],
    })
    return { workflow: workflowId, new: true }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) return asRefusal(error)
  }
  const { memo, status } = await client.workflow.getHandle(workflowId).describe()
  if (memo?.policyHash !== hash) throw problem('different-season', `Season ${input.season} runs with policy hash ${String(memo?.policyHash)}`)
  if (status.name !== 'RUNNING') throw problem('season-closed', `Season ${input.season} has ended`)
  return { workflow: workflowId, new: false }
}

