import { setTimeout as delay } from 'node:timers/promises'
import { ApplicationFailure } from '@temporalio/common'
import type { AskedOutcome, EnrollmentActivities } from '../../activities/ports.js'
import type { EnrollmentEvent } from '../../contracts/enrollment.js'
import type { ChildFact } from '../../contracts/facts.js'
import type { ChildId, PhaseId, ServiceName } from '../../contracts/ids.js'
import { phaseById, publishAtOf, type Timeline } from '../../policies/timeline.js'
import type { ScriptedChild } from '../../workflows/enrollment/scripted-child.fixture.js'

export interface GivenCommand {
  child: ChildId
  command: 'openCase' | 'issuePaper' | 'release' | 'arrange'
  key: string
  phase?: PhaseId
  paper?: string
  school?: string
  exchanges?: boolean
}

/**
 * In-memory services behind the activities, which are the workflow's port to the outside: they answer from the
 * script by the clock of the test server. The real services have tests of their own.
 */
export class StandIns implements EnrollmentActivities {
  readonly children = new Map<ChildId, ScriptedChild>()
  readonly commands: GivenCommand[] = []
  readonly events: { name: string; event: EnrollmentEvent }[] = []
  /** Extensions as their owners accepted them. */
  readonly closesAt = new Map<PhaseId, number>()
  /** Schools without a seat left. */
  readonly full = new Set<string>()
  /** Schools whose seat is given only at that instant (ms), however early it was asked for. */
  readonly slowUntil = new Map<string, number>()
  /** Rounds whose results are late for a child: who asks is told to ask again much later. */
  readonly late = new Map<ChildId, PhaseId>()

  constructor(private readonly timeline: Timeline, private readonly now: () => Promise<number>) {}

  commandsOf(child: ChildId, command?: GivenCommand['command']): GivenCommand[] {
    return this.commands.filter((given) => given.child === child && (!command || given.command === command))
  }

  statusesOf(child: ChildId): string[] {
    return this.events.filter(({ event }) => event.child === child).map(({ name, event }) => `${name}: ${event.status}`)
  }

  async askOutcome({ child, phase: id, owner }: { child: ChildId; phase: PhaseId; owner: ServiceName }): Promise<AskedOutcome> {
    const phase = phaseById(this.timeline, id)
    const now = await this.now()
    const closesAt = this.closesAt.get(id) ?? phase.closesAt
    if (now < closesAt) return { state: 'open', closesAt }
    if (phase.kind === 'round' && now < publishAtOf(phase)) {
      throw ApplicationFailure.create({ type: 'not-yet', message: `${id} is not published`, nextRetryDelay: '1 second' })
    }
    if (this.late.get(child) === id) throw ApplicationFailure.create({ type: 'not-yet', message: `${id} is late`, nextRetryDelay: '30 days' })
    return { state: 'closed', facts: this.child(child).knownTo(owner) }
  }

  async publishEnrollment({ name, event }: { name: string; event: EnrollmentEvent }): Promise<void> {
    this.events.push({ name, event })
  }

  async openCase({ child, key, phase }: { child: ChildId; key: string; phase: PhaseId }): Promise<void> {
    this.commands.push({ child, command: 'openCase', key, phase })
  }

  async issuePaper({ season: _season, ...paper }: Parameters<EnrollmentActivities['issuePaper']>[0]): Promise<void> {
    this.commands.push({ command: 'issuePaper', ...paper })
  }

  async release({ child, key }: { child: ChildId; key: string }): Promise<ChildFact> {
    this.commands.push({ child, command: 'release', key })
    return this.child(child).released()
  }

  async arrange({ child, key, phase, school, way }: Parameters<EnrollmentActivities['arrange']>[0]): Promise<ChildFact> {
    this.commands.push({ child, command: 'arrange', key, phase, school })
    while ((await this.now()) < (this.slowUntil.get(school) ?? 0)) await delay(50)
    if (this.full.has(school)) throw ApplicationFailure.create({ type: 'school-full', message: `${school} has no seat left`, nonRetryable: true })
    return this.child(child).place({ [phase]: 'placed' }, [], { basis: 'arrangement', school, ...(way && { way }) })
  }

  private child(id: ChildId): ScriptedChild {
    const child = this.children.get(id)
    if (!child) throw new Error(`The script has no child ${id}`)
    return child
  }
}
