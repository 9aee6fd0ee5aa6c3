import { condition, ParentClosePolicy, startChild } from '@temporalio/workflow'
import { SERVICES, type PhaseId, type ServiceName } from '../../contracts/ids.js'
import { roundWorkflowId, TASK_QUEUES, WORKFLOWS, type ExtendAnswer, type ExtendRequest, type PhaseClose, type RoundInput, type RoundStageSignal, type RoundView, type SeasonInput, type SeasonView } from '../../contracts/workflows.js'
import { phaseById, publishAtOf, type Timeline, type TimelinePhaseOf } from '../../policies/timeline.js'
import type { ClosingReport } from '../../activities/ports.js'
import { refusalOf } from '../refusal.js'
import { expectsOf } from './expects.js'
import { refuseExtension } from './extension.js'
import * as activities from './proxies.js'
import { reschedule, stepsOf, type SeasonStep } from './steps.js'

/** Walks a city's calendar: closes, publishes, starts rounds, follows extensions. */
export class Season {
  private readonly timeline: Timeline
  private steps: SeasonStep[]
  private readonly closes = new Map<PhaseId, PhaseClose>()
  private readonly closesAt = new Map<PhaseId, number>()
  private readonly rounds = new Map<PhaseId, RoundView>()
  private isClosed = false

  constructor(private readonly input: SeasonInput<Timeline>) {
    this.timeline = input.timeline
    this.steps = stepsOf(input.timeline)
  }

  view(): SeasonView {
    return {
      season: this.input.season,
      policy: this.timeline.policy,
      phases: this.timeline.phases.map(({ id, owner, opensAt }) => {
        const closed = this.closes.get(id)
        return { phase: id, owner, opensAt, closesAt: this.closingAt(id), ...(closed ? { closed } : {}) }
      }),
      rounds: [...this.rounds.values()],
      closed: this.isClosed,
    }
  }

  hear(round: RoundStageSignal): void {
    this.rounds.set(round.phase, round)
  }

  async open(): Promise<void> {
    const { season } = this.input
    await Promise.all(SERVICES.map((service) => activities.installSeason({ season, service, timeline: this.timeline })))
    await activities.publishOpened({ season, timeline: this.timeline, at: Date.now() })
  }

  /** Does every step of the calendar at its time. */
  async walk(): Promise<void> {
    for (let step = this.steps[0]; step; step = this.steps[0]) {
      if (!(await this.reached(step))) continue
      await this.take(step)
    }
    await condition(() => [...this.rounds.values()].every(({ stage }) => stage === 'published'))
  }

  /** Waits for the last child's end and closes the season everywhere. */
  async close(): Promise<ClosingReport> {
    const { season, technical } = this.input
    const waitMs = this.timeline.closesAt + technical.drainMs - Date.now()
    if (waitMs > 0) await condition(() => false, waitMs)
    const report = await activities.awaitEnrollments({ season })
    await Promise.all(SERVICES.map((service) => activities.closeSeason({ season, service })))
    await activities.publishClosed({ season, at: Date.now(), report })
    this.isClosed = true
    return report
  }

  /** @throws ApplicationFailure if the calendar does not allow it */
  refuseExtension(request: ExtendRequest): void {
    refuseExtension(request, this.timeline, (phase) => this.closingAt(phase), this.closes.has(request.phase))
  }

  /** Extends a phase through its owner, whose answer counts. */
  async extend(request: ExtendRequest): Promise<ExtendAnswer> {
    const { phase, officer, reason } = request
    const { season } = this.input
    try {
      const { closesAt } = await activities.extendPhase({ season, phase, owner: this.ownerOf(phase), closesAt: request.closesAt })
      this.move(phase, closesAt)
      await activities.publishExtended({ season, phase, closesAt, officer, reason, at: Date.now() })
      return { phase, closesAt }
    } catch (error) {
      throw refusalOf(error, 'The owner of the phase did not answer in time; look at its window before trying again')
    }
  }

  /** Waits for a step's time; false if the calendar moved meanwhile. */
  private async reached(step: SeasonStep): Promise<boolean> {
    const waitMs = step.at + (step.kind === 'close' ? this.input.technical.drainMs : 0) - Date.now()
    return waitMs <= 0 || !(await condition(() => this.steps[0] !== step, waitMs))
  }

  private async take(step: SeasonStep): Promise<void> {
    const { season } = this.input
    const { phase } = step
    switch (step.kind) {
      case 'close':
        return this.closePhase(phase)
      case 'publish':
        await this.allDecided()
        await activities.publishVacancies({ season, phase })
        return this.done(step)
      case 'decide':
        await this.allDecided()
        await this.startRound(phaseById(this.timeline, phase) as TimelinePhaseOf<'round'>)
        return this.done(step)
    }
  }

  private async closePhase(phase: PhaseId): Promise<void> {
    const { season } = this.input
    const answer = await activities.closePhase({ season, phase, owner: this.ownerOf(phase) })
    if (answer.state === 'open') return this.move(phase, answer.closesAt)
    this.closes.set(phase, answer.close)
    const { count, digest } = answer.close
    await activities.publishPhaseClosed({ season, phase, closesAt: this.closingAt(phase), closedAt: answer.closedAt, count, digest })
    this.done({ kind: 'close', phase, at: this.closingAt(phase) })
  }

  private async startRound(phase: TimelinePhaseOf<'round'>): Promise<void> {
    const { season, technical } = this.input
    const expects = expectsOf(this.timeline, phase.id, this.closes)
    const round: RoundInput = { season, phase: phase.id, at: phase.opensAt, publishAt: publishAtOf(phase), technical, expects, ...(phase.method === 'residual' && { proposes: true as const }), ...(phase.approval && { approval: phase.approval }) }
    this.rounds.set(phase.id, { phase: phase.id, stage: 'waiting' })
    await startChild(WORKFLOWS.round, {
      workflowId: roundWorkflowId(season, phase.id),
      taskQueue: TASK_QUEUES.round,
      args: [round],
      // A decision that is under way is not lost with its season.
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
  }

  /** A later round takes what an earlier one left. */
  private async allDecided(): Promise<void> {
    const isDecided = ({ stage }: RoundView) => stage === 'approving' || stage === 'embargoed' || stage === 'publishing' || stage === 'published'
    await condition(() => [...this.rounds.values()].every(isDecided))
  }

  private move(phase: PhaseId, closesAt: number): void {
    this.closesAt.set(phase, closesAt)
    this.steps = reschedule(this.steps, { kind: 'close', phase, at: closesAt }, this.timeline)
  }

  private done(step: SeasonStep): void {
    this.steps = this.steps.filter(({ kind, phase }) => kind !== step.kind || phase !== step.phase)
  }

  private closingAt(phase: PhaseId): number {
    return this.closesAt.get(phase) ?? phaseById(this.timeline, phase).closesAt
  }

  private ownerOf(phase: PhaseId): ServiceName {
    const { owner } = phaseById(this.timeline, phase)
    if (owner === 'workflow') throw new Error(`${phase} has no owner among the services`)
    return owner
  }
}
