import { CancellationScope, condition, getExternalWorkflowHandle, isCancellation, log, sleep } from '@temporalio/workflow'
import { seasonWorkflowId, type RestartRequest, type RoundInput, type RoundView, type VoidAnswer, type VoidRequest } from '../../contracts/workflows.js'
import { refusalOf } from '../refusal.js'
import { OFFICERS } from './approval.js'
import { roundStageSignal } from './messages.js'
import { checkRound, commitRound, drawRound, freezeRound, proposeRound, publishRound, revealRound, voidRound } from './proxies.js'

/** One draw for many children: runs, one after the other, until one is published whole. */
export class Round {
  view: RoundView
  private approvedBy: string[] = []
  private scope = new CancellationScope()
  /** The last run that is void. */
  private voidRun = 0
  /** Who asked for the run that follows one that is void. */
  private restartedBy: string | undefined

  constructor(private readonly input: RoundInput) {
    this.view = { phase: input.phase, stage: 'waiting' }
  }

  approve(officer: string): string[] {
    this.approvedBy.push(officer)
    this.view = { ...this.view, approvedBy: [...this.approvedBy] }
    return [...this.approvedBy]
  }

  /** @returns the number of the supplement */
  recheck(): number {
    const { phase } = this.input
    const supplement = (this.view.supplement ?? 0) + 1
    this.view = { phase, run: this.view.run!, listHash: this.view.listHash!, supplement, stage: 'deciding' }
    return supplement
  }

  /**
   * Notes that an officer wants the run to be void; with the second one it is.
   * @throws ApplicationFailure as `allocation` refuses; then nobody has asked
   */
  async askVoid({ officer, reason }: VoidRequest): Promise<VoidAnswer> {
    const { season, phase } = this.input
    const run = this.view.run!
    const officers = [...(this.view.voidAskedBy ?? []), officer]
    this.view = { ...this.view, voidAskedBy: officers }
    if (officers.length < OFFICERS) return { run, askedBy: officers, void: false }
    try {
      await voidRound({ season, phase, run, officers, reason })
    } catch (error) {
      const { voidAskedBy: _, ...view } = this.view
      this.view = view
      throw refusalOf(error, 'The run may be void or not; look at the round before trying again')
    }
    this.voidRun = run
    // Too few witnesses may have revealed meanwhile, so that the next run has begun by itself.
    if (this.view.run === run) this.scope.cancel()
    return { run, askedBy: officers, void: true }
  }

  restart({ officer }: RestartRequest): number {
    this.restartedBy = officer
    return this.view.run! + 1
  }

  /** Holds run after run. */
  async hold(): Promise<void> {
    await until(this.input.at)
    for (let run = 1; !(await this.endOf(run)); run += 1) {
      if (this.voidRun === run) await this.restarted(run)
    }
  }

  private async restarted(run: number): Promise<void> {
    this.view = { phase: this.input.phase, run, stage: 'void', voidAskedBy: this.view.voidAskedBy! }
    await this.tellSeason()
    await condition(() => this.restartedBy !== undefined)
  }

  /** @returns whether the run is published whole; else another one follows */
  private async endOf(run: number): Promise<boolean> {
    this.scope = new CancellationScope()
    try {
      return await this.scope.run(() => this.holdRun(run))
    } catch (error) {
      if (this.voidRun === run && isCancellation(error)) return false
      throw error
    }
  }

  private async holdRun(run: number): Promise<boolean> {
    const { season, phase, expects } = this.input
    this.view = { phase, run, stage: 'freezing' }
    const officer = this.restartedBy
    this.restartedBy = undefined
    const { listHash } = await freezeRound({ season, phase, run, expects, ...(officer !== undefined && { officer }) })
    this.view = { ...this.view, ...(listHash !== undefined && { listHash }), stage: 'committing' }
    await commitRound({ season, phase, run })
    this.to('revealing')
    const { again } = await revealRound({ season, phase, run })
    if (again) return false
    this.to('deciding')
    while (this.view.stage === 'deciding') await this.decideAndPublish(run, this.view.supplement ?? 0)
    return true
  }

  /** Until all is published, or an officer says that the fault is mended for which groups are held back. */
  private async decideAndPublish(run: number, supplement: number): Promise<void> {
    const { approval, publishAt } = this.input
    this.approvedBy = []
    await this.decide(run, supplement)
    if (approval === 'four-eyes') {
      this.to('approving')
      await this.tellSeason()
      await condition(() => this.approvedBy.length >= OFFICERS)
    }
    this.to('embargoed')
    await this.tellSeason()
    await until(publishAt)
    this.to('publishing')
    await this.publishAll(run)
    this.to('published')
    await this.tellSeason()
    if (this.view.held) await condition(() => this.view.stage === 'deciding')
  }

  private async decide(run: number, supplement: number): Promise<void> {
    const { season, phase, proposes } = this.input
    if (proposes) return proposeRound({ season, phase, run })
    await drawRound({ season, phase, run, supplement })
    this.to('checking')
    const { held } = await checkRound({ season, phase, run, supplement })
    this.view = { ...this.view, ...(held.length > 0 && { held }) }
  }

  private async publishAll(run: number): Promise<void> {
    const { season, phase, technical } = this.input
    while (true) {
      const { left } = await publishRound({ season, phase, run, limit: technical.publishBatch })
      if (left === 0) return
      await sleep(technical.publishPauseMs)
    }
  }

  private to(stage: RoundView['stage']): void {
    this.view = { ...this.view, stage }
  }

  /** A round goes on even if its season's workflow was ended by hand. */
  private async tellSeason(): Promise<void> {
    try {
      await getExternalWorkflowHandle(seasonWorkflowId(this.input.season)).signal(roundStageSignal, this.view)
    } catch (error) {
      log.warn('the season does not hear how far the round is', { stage: this.view.stage, cause: String(error) })
    }
  }
}

async function until(at: number): Promise<void> {
  const waitMs = at - Date.now()
  if (waitMs > 0) await sleep(waitMs)
}
