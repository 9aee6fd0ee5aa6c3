import { allHandlersFinished, CancellationScope, condition, isCancellation, log, patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import { ActivityFailure, defineSearchAttributeKey } from '@temporalio/common'
import type { EndState, EnrollmentView } from '../../contracts/enrollment.js'
import type { SeatedWay } from '../../contracts/facts.js'
import { SEARCH_ATTRIBUTES, type ArrangeAnswer, type ArrangeRequest, type EnrollmentInput } from '../../contracts/workflows.js'
import type { ServiceName } from '../../contracts/ids.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { refusalOf } from '../refusal.js'
import { boundariesOf, isAnswered, nextWake } from './boundaries.js'
import { knowledgeOf } from './knowing.js'
import * as activities from './proxies.js'
import { react } from './reactor.js'
import { refuseArrangement } from './refusals.js'
import { settingOf, type Setting } from './setting.js'
import { begin, revisionOf, type Command, type EnrollmentState, type Trigger } from './state.js'
import { viewOf } from './view.js'

const STATUS = defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD')
const DISTRICT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.district, 'KEYWORD')

type Happening = Trigger extends infer T ? (T extends Trigger ? Omit<T, 'at'> : never) : never

/** Holds one child's state, hands what happens to the reactor and carries out what the reactor commands. */
export class Enrollment {
  state: EnrollmentState
  private readonly setting: Setting
  private readonly continueAfterEvents: number
  private wakesAt: number
  private running = 0
  private placing = false
  private announced: Promise<void> = Promise.resolve()
  private asking: CancellationScope | undefined
  private fault: unknown

  constructor(input: EnrollmentInput<Timeline>) {
    this.setting = settingOf(input)
    this.state = (input.resume as EnrollmentState | undefined) ?? begin(workflowInfo().typedSearchAttributes.get(DISTRICT))
    this.continueAfterEvents = input.continueAfterEvents ?? Infinity
    this.wakesAt = this.nextInstant()
  }

  get end(): EndState | undefined {
    return this.state.end
  }

  /** True once the history has grown so long that the workflow should go on as a new run. */
  get isFull(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo()
    return continueAsNewSuggested || historyLength > this.continueAfterEvents
  }

  view(): EnrollmentView {
    return viewOf(this.state, Date.now(), this.setting)
  }

  /** Lets the reactor decide about something that happened; what it commands is under way when this returns. */
  on(happening: Happening, at = Date.now()): void {
    this.react({ ...happening, at } as Trigger)
    const { state, setting } = this
    // Runs of before waited for the answer all the same, and replay so.
    if (isAnswered(state, knowledgeOf(state, setting.timeline), setting) && patched('answered-by-facts')) {
      this.asking?.cancel()
      this.react({ kind: 'answered', at })
    }
    if (this.state.end) this.asking?.cancel()
    this.wakesAt = this.nextInstant()
  }

  private react(trigger: Trigger): void {
    const { state, commands } = react(this.state, trigger, this.setting)
    this.state = state
    for (const command of commands) this.start(command)
  }

  /**
   * Waits for the next instant that matters to this child and handles it; returns early if another one came
   * before it, the child's season ended or the history is full. The timer is kept while facts arrive: a new one
   * costs two events.
   */
  async nextBoundary(): Promise<void> {
    const mayWait = () => (this.state.facts.length > 0 && !this.state.asking) || this.isOver
    // The SDK keeps a stack trace for each promise: one that nothing waits for is not made.
    if (!mayWait()) await condition(mayWait)
    if (this.isOver) return this.throwFault()
    const due = this.wakesAt
    const isEarly = () => this.wakesAt !== due || this.isOver
    if (due > Date.now() && (await condition(isEarly, due - Date.now()))) return this.throwFault()
    await this.placed()
    if (!this.isOver) this.on({ kind: 'boundary' }, Math.max(due, Date.now()))
    else this.throwFault()
  }

  /** Waits until nothing is under way any more: no command, no desk's decision. */
  async settled(): Promise<void> {
    await condition(() => (this.running === 0 && allHandlersFinished()) || this.fault !== undefined)
    this.throwFault()
  }

  /** @throws ApplicationFailure if the desk cannot decide about this child now */
  refuseArrangement(request: ArrangeRequest): void {
    refuseArrangement(request, this.state, knowledgeOf(this.state, this.setting.timeline), this.setting.timeline)
  }

  /** Carries out a desk's decision, one at a time. */
  async arrange(request: ArrangeRequest): Promise<ArrangeAnswer> {
    while (this.placing) await condition(() => !this.placing)
    this.refuseArrangement(request)
    const { decision } = request
    if ('end' in decision) {
      this.on({ kind: 'ended-by-desk', reason: decision.end, way: decision.way })
      return { status: this.state.shown.status }
    }
    this.placing = true
    try {
      await this.place(decision, request)
      return { status: this.state.shown.status, school: decision.place }
    } catch (error) {
      throw refusalOf(error, 'The allocation did not answer in time; whether the place was given shows on the next try')
    } finally {
      this.placing = false
    }
  }

  private async place({ place: school, way }: { place: string; way?: SeatedWay | undefined }, { officer, reason }: ArrangeRequest): Promise<void> {
    const phase = this.state.arrangement?.phase
    if (!phase) throw new Error('A child without a case was let through to the desk')
    const key = this.key(['arrange', school, ...(way ? [way] : [])].join('-'), revisionOf(this.state, 'place'))
    const fact = await activities.arrange({ ...this.who, key, phase, school, ...(way ? { way } : {}), officer, reason })
    this.on({ kind: 'fact', fact })
  }

  private start(command: Command): void {
    if (command.kind === 'show') this.show(command)
    else void this.attempt(command)
  }

  private async attempt(command: Exclude<Command, { kind: 'show' }>): Promise<void> {
    this.running += 1
    try {
      await (command.kind === 'publish' ? this.publish(command) : this.carryOut(command))
    } catch (error) {
      this.fault ??= error
    } finally {
      this.running -= 1
    }
  }

  /** Announcements keep their order. */
  private publish({ name, event }: Extract<Command, { kind: 'publish' }>): Promise<void> {
    const at = Date.now()
    this.announced = this.announced.then(() => activities.publishEnrollment({ name, event, at }))
    return this.announced
  }

  private async carryOut(command: Exclude<Command, { kind: 'show' | 'publish' }>): Promise<void> {
    switch (command.kind) {
      case 'ask':
        return this.ask(command.phase)
      case 'open-case': {
        const { phase, facts, revision } = command
        return this.unlessRefused(() => activities.openCase({ ...this.who, key: this.key(`open-${phase}`, revision), phase, facts }))
      }
      case 'issue-paper': {
        const { kind: _kind, revision, ...paper } = command
        const key = this.key(`paper-${paper.phase}`, revision)
        await this.unlessRefused(() => activities.issuePaper({ ...this.who, key, ...paper }))
        return this.on({ kind: 'issued', phase: paper.phase })
      }
      case 'release': {
        await this.placed()
        const fact = await this.unlessRefused(() => activities.release({ ...this.who, key: this.key('release', command.revision) }))
        return this.on({ kind: 'released', ...(fact ? { fact } : {}) })
      }
    }
  }

  /**
   * Waits until no seat is being taken for the desk: a calendar that ends the child meanwhile, or a release, would
   * not know of it.
   */
  private async placed(): Promise<void> {
    if (this.placing) await condition(() => !this.placing)
  }

  /** A child that leaves, or learns the answer otherwise, does not wait for it. */
  private async ask(phase: string): Promise<void> {
    const owner = phaseById(this.setting.timeline, phase).owner as ServiceName
    const question = new CancellationScope()
    this.asking = question
    try {
      const answer = await question.run(() => activities.askOutcome({ ...this.who, phase, owner }))
      await this.placed()
      if (!question.consideredCancelled) this.on({ kind: 'asked', phase, answer })
    } catch (error) {
      if (!question.consideredCancelled || !isCancellation(error)) throw error
    }
  }

  /** A refusal of these commands changes nothing for the child; it is for the operators. */
  private async unlessRefused<R>(command: () => Promise<R>): Promise<R | undefined> {
    try {
      return await command()
    } catch (error) {
      if (!(error instanceof ActivityFailure) || error.retryState !== 'NON_RETRYABLE_FAILURE') throw error
      log.warn('a service refused a command', { activity: error.activityType, cause: error.cause?.message })
      return undefined
    }
  }

  private show({ status, district }: Extract<Command, { kind: 'show' }>): void {
    upsertSearchAttributes([{ key: STATUS, value: status }, ...(district ? [{ key: DISTRICT, value: district }] : [])])
  }

  private get isOver(): boolean {
    return this.state.end !== undefined || this.isFull || this.fault !== undefined
  }

  private nextInstant(): number {
    return nextWake(boundariesOf(this.state, knowledgeOf(this.state, this.setting.timeline), this.setting)).due
  }

  private throwFault(): void {
    if (this.fault !== undefined) throw this.fault
  }

  private key(command: string, revision: number): string {
    return `${this.setting.child}/${command}/${revision}`
  }

  private get who() {
    return { season: this.setting.season, child: this.setting.child }
  }
}
