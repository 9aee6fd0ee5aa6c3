import type { EnrollmentInput, Technical } from '../../contracts/workflows.js'
import type { ServiceName } from '../../contracts/ids.js'
import { phaseById, publishAtOf, type Timeline } from '../../policies/timeline.js'
import { boundariesOf, nextWake } from './boundaries.js'
import { knowledgeOf } from './knowing.js'
import { react } from './reactor.js'
import type { ScriptedChild } from './scripted-child.fixture.js'
import { settingOf, type Setting } from './setting.js'
import { begin, type Command, type EnrollmentState, type Trigger } from './state.js'

export const TECHNICAL: Technical = { drainMs: 6_000, graceMs: 10_000, spreadMs: 0, publishBatch: 100, publishPauseMs: 0 }

type Happening = Trigger extends infer T ? (T extends Trigger ? Omit<T, 'at'> : never) : never

/** Drives the reactor as the shell does, without Temporal: answers questions from a script, records commands. */
export class Simulation {
  state: EnrollmentState = begin()
  readonly commands: Command[] = []
  readonly setting: Setting
  /** Extensions as their owners accepted them. */
  readonly closesAt = new Map<string, number>()

  constructor(readonly timeline: Timeline, readonly child: ScriptedChild, public now: number, technical: Partial<Technical> = {}) {
    const input: EnrollmentInput<Timeline> = { season: child.season, child: child.id, timeline, technical: { ...TECHNICAL, ...technical } }
    this.setting = settingOf(input)
  }

  get knowledge() {
    return knowledgeOf(this.state, this.timeline)
  }

  /** Commands but announcements, as short words. */
  get given(): string[] {
    return this.commands.flatMap((command) => {
      switch (command.kind) {
        case 'ask':
        case 'open-case':
          return [`${command.kind} ${command.phase}`]
        case 'issue-paper':
          return [`${command.paper} ${command.phase}`]
        case 'release':
          return ['release']
        default:
          return []
      }
    })
  }

  get told(): string[] {
    return this.commands.flatMap((command) => (command.kind === 'publish' ? [`${command.name}: ${command.event.status}`] : []))
  }

  /** Something happens now; questions are answered at once. */
  on(happening: Happening): this {
    const { state, commands } = react(this.state, { ...happening, at: this.now } as Trigger, this.setting)
    this.state = state
    this.commands.push(...commands)
    for (const command of commands) this.answer(command)
    return this
  }

  /** Lets time pass, boundary by boundary, until an instant (ms), or until the child's season has ended. */
  until(instant: number): this {
    for (let wakes = 0; !this.state.end; wakes += 1) {
      const { due } = nextWake(boundariesOf(this.state, this.knowledge, this.setting))
      if (due > instant) break
      if (wakes > 500) throw new Error(`The child does not get past ${new Date(due).toISOString()}`)
      this.now = Math.max(this.now, due)
      this.on({ kind: 'boundary' })
    }
    this.now = Math.max(this.now, instant)
    return this
  }

  private answer(command: Command): void {
    if (command.kind === 'ask') this.on({ kind: 'asked', phase: command.phase, answer: this.outcomeOf(command.phase) })
    if (command.kind === 'issue-paper') this.on({ kind: 'issued', phase: command.phase })
    if (command.kind === 'release') this.on({ kind: 'released', fact: this.child.released() })
  }

  private outcomeOf(id: string): Extract<Trigger, { kind: 'asked' }>['answer'] {
    const phase = phaseById(this.timeline, id)
    const closesAt = this.closesAt.get(id) ?? (phase.kind === 'round' ? publishAtOf(phase) : phase.closesAt)
    if (this.now < closesAt) return { state: 'open', closesAt }
    return { state: 'closed', facts: this.child.knownTo(phase.owner as ServiceName) }
  }
}
