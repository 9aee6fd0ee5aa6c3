import type { PhaseKind } from '../../policies/language.js'
import type { Timeline, TimelinePhase } from '../../policies/timeline.js'

export interface PhaseSketch {
  id: string
  kind?: PhaseKind
  owner?: TimelinePhase['owner']
  opensAt: number
  closesAt: number
}

/** The least timeline that windows need: phases of the given spans, which depend on nothing. */
export function sketchTimeline(phases: readonly PhaseSketch[], hash = 'hash-1'): Timeline {
  return {
    policy: { id: 'made-up', version: 1, hash },
    timezone: 'Asia/Shanghai',
    calendar: 'compressed',
    opensAt: Math.min(...phases.map((phase) => phase.opensAt)),
    closesAt: Math.max(...phases.map((phase) => phase.closesAt)),
    children: 'everyone',
    groups: {},
    places: [],
    facts: {},
    rules: {},
    phases: phases.map(({ kind = 'registration', owner = 'registration', ...span }, index) => ({
      ...span,
      kind,
      owner,
      index,
      who: 'everyone',
      effects: {},
      barredBy: [],
      sentBy: [],
      asks: [],
      brings: [],
      form: 'information',
      amend: 'until-close',
    })) as unknown as TimelinePhase[],
  }
}

let made = 0

/** An opaque child id, another one each time. */
export function childId(): string {
  made += 1
  const digits = [...made.toString(32)].map((digit) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(digit, 32)] ?? 'a')
  return `c${digits.join('').padStart(25, 'a')}`
}
