import { toLocal } from '../instant.js'
import { isLive, PEOPLE_KINDS, type Cond, type FactId } from '../language.js'
import { partsOf, phasesFiling, type Timeline, type TimelinePhase } from '../timeline.js'
import type { Path } from '../fault.js'
import type { Reporter } from './report.js'
import type { Steps } from './steps.js'

/** Reports guards that read what cannot exist yet, and notes those that a late outcome opens late. */
export function checkGuards(report: Reporter, steps: Steps): void {
  for (const phase of report.timeline.phases) {
    const guard = { report, steps, phase }
    if (typeof phase.who === 'object') checkCond(guard, phase.who, report.phase(phase.id, 'who'))
    if (phase.kind === 'review') checkRules(guard, 'needs', phase.needs)
    if (phase.kind === 'review') checkRules(guard, 'judges', phase.judges)
    if (phase.kind === 'round') {
      for (const [index, order] of phase.order.entries()) {
        const path = report.phase(phase.id, 'order', index)
        if ('rule' in order) checkCond(guard, { op: 'rule', rule: order.rule, is: ['met'] }, path)
        else checkFact(guard, order.fact, path)
      }
      for (const field of ['address', 'school', 'near'] as const) {
        const fact = phase[field]
        if (fact) checkFact(guard, fact, report.phase(phase.id, field))
      }
    }
  }
}

interface Guard {
  report: Reporter
  steps: Steps
  phase: TimelinePhase
}

function checkRules(guard: Guard, field: 'needs' | 'judges', rules: string[]): void {
  for (const [index, rule] of rules.entries()) {
    checkCond(guard, { op: 'rule', rule, is: ['met'] }, guard.report.phase(guard.phase.id, field, index))
  }
}

function checkCond(guard: Guard, cond: Cond, path: Path): void {
  switch (cond.op) {
    case 'all':
    case 'any':
      for (const part of cond.of) checkCond(guard, part, path)
      return
    case 'not':
      return checkCond(guard, cond.of, path)
    case 'same':
      for (const fact of cond.facts) checkFact(guard, fact, path)
      return
    case 'fact':
      return checkFact(guard, cond.fact, path)
    case 'rule':
      return checkCond(guard, guard.report.timeline.rules[cond.rule]!.needs, path)
    case 'outcome':
      return checkOutcome(guard, cond, path)
    case 'form':
      return checkForm(guard, cond, path)
    case 'seat':
    case 'school':
  }
}

function checkOutcome({ report, steps, phase }: Guard, cond: Extract<Cond, { op: 'outcome' }>, path: Path): void {
  const read = report.timeline.phases.find((other) => other.id === cond.phase)!
  const local = (instant: number) => toLocal(instant, report.timeline.timezone)
  const exists = Math.min(...cond.is.map((outcome) => (isLive(read.kind, outcome) ? steps.earliest : steps.settled).get(read.id)!))
  if (exists >= steps.settled.get(phase.id)!) {
    report.add('error', 'guard-too-early', path,
      `${phase.id} asks for ${read.id} ${cond.is.join(' or ')}, decided at ${local(read.closesAt)}, but is itself over at ${local(phase.closesAt)}`,
      `let ${phase.id} come after ${read.id}, or ask for something known by then`)
  } else if (read.closesAt > phase.opensAt && PEOPLE_KINDS.includes(phase.kind)) {
    report.add('note', 'opens-late', path,
      `${phase.id} opens at ${local(phase.opensAt)} but asks for ${read.id}, decided until ${local(read.closesAt)}: it opens late for some`,
      'make sure that what is left of the window is enough for them')
  }
}

function checkForm({ report, steps, phase }: Guard, cond: Extract<Cond, { op: 'form' }>, path: Path): void {
  const filing = phasesFiling(report.timeline, cond.form)
  const local = (instant: number) => toLocal(instant, report.timeline.timezone)
  const closes = Math.max(...filing.map((other) => other.closesAt))
  const exists = cond.is === 'filed'
    ? Math.min(...filing.map((other) => steps.earliest.get(other.id)!))
    : Math.max(...filing.map((other) => steps.settled.get(other.id)!))
  if (exists >= steps.settled.get(phase.id)!) {
    report.add('error', 'guard-too-early', path,
      `${phase.id} asks whether form ${cond.form} is ${cond.is}, but is over at ${local(phase.closesAt)}, before that can be said`,
      `let ${phase.id} come after the form's phase`)
  } else if (closes > phase.opensAt && PEOPLE_KINDS.includes(phase.kind)) {
    report.add('note', 'opens-late', path,
      `${phase.id} opens at ${local(phase.opensAt)} but asks for form ${cond.form}, open until ${local(closes)}: it opens late for some`,
      'make sure that what is left of the window is enough for them')
  }
}

function checkFact({ report, steps, phase }: Guard, fact: FactId, path: Path): void {
  const soonest = soonestKnown(report.timeline, steps, fact)
  if (soonest === undefined || soonest <= steps.settled.get(phase.id)!) return
  report.add('error', 'guard-too-early', path,
    `${phase.id} rests on ${fact}, which nobody can know before ${toLocal(steps.order[soonest]!.at, report.timeline.timezone)}`,
    `let ${phase.id} come after the phase that asks, answers or finds ${fact}`)
}

/** The step at which a fact can first be known; -1 from the start, undefined if never. */
function soonestKnown(timeline: Timeline, steps: Steps, id: FactId): number | undefined {
  const fact = timeline.facts[id]
  if (!fact) return undefined
  if (fact.from) return -1
  const counted = partsOf(timeline.facts, id)
  if (counted.length > 0) {
    const parts = counted.map((part) => soonestKnown(timeline, steps, part))
    return parts.includes(undefined) ? undefined : Math.max(...(parts as number[]))
  }
  const asked = fact.answeredBy.length > 0 ? [] : fact.askedBy
  const known = [...asked, ...fact.answeredBy, ...fact.foundBy].map((phase) => steps.earliest.get(phase)!)
  return known.length > 0 ? Math.min(...known) : undefined
}
