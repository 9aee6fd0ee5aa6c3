import { createHash } from 'node:crypto'
import { toInstant } from './instant.js'
import { outcomesOf, OWNERS, type Effect, type FactId, type Outcome, type Phase, type Policy, type RuleId, type Terms } from './language.js'
import { partsOf, readsOfRule, type OutcomeRef, type PhaseSpan, type Span, type Timeline, type TimelineFact, type TimelinePhase } from './timeline.js'

/** Compiles a sound policy to absolute instants, with everything a child's workflow needs and no text of the notice. */
export function compileTimeline(policy: Policy): Timeline {
  const phases = policy.phases.map((phase, index) => compilePhase(policy, phase, index))
  for (const phase of phases) {
    const at = shownAt(phases, phase) ?? (phase.kind === 'round' ? phase.opensAt : undefined)
    if (at !== undefined) phase.publishAt = at
  }
  return {
    policy: { id: policy.policy, version: policy.version, hash: hashPolicy(policy) },
    timezone: policy.timezone,
    calendar: 'real',
    opensAt: Math.min(...phases.map((phase) => phase.opensAt)),
    closesAt: Math.max(...phases.map((phase) => phase.closesAt)),
    children: policy.children,
    groups: policy.groups,
    places: Object.keys(policy.places),
    placeLabels: Object.fromEntries(Object.entries(policy.places).map(([id, { label }]) => [id, label])),
    facts: Object.fromEntries(Object.keys(policy.facts).map((id) => [id, compileFact(policy, id)])),
    rules: Object.fromEntries(Object.entries(policy.rules).map(([id, { needs, says }]) => [id, { needs, says }])),
    phases,
  }
}

/** SHA-256 (hex) over the canonical JSON of a policy: the same rules have the same hash however the file is laid out. */
export function hashPolicy(policy: Policy): string {
  return createHash('sha256').update(canonicalJson(policy)).digest('hex')
}

/** JSON with sorted keys and without undefined members. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function compilePhase(policy: Policy, phase: Phase, index: number): TimelinePhase {
  const { id, who, window, at, handover, source: _source, reading: _reading, assumed: _assumed, effects, ...terms } = phase
  const span: PhaseSpan = {
    id, index, owner: OWNERS[phase.kind], who,
    ...(window ? spanOf(window, policy.timezone) : instantOf(at!, policy.timezone)),
    effects: Object.fromEntries(Object.entries(effects).filter(([, effect]) => effect !== 'nothing')) as Partial<Record<Outcome, Effect>>,
    barredBy: outcomesThat(policy, (effect) => effect.bars?.includes(id) ?? false),
    sentBy: outcomesThat(policy, (effect) => effect.then === id),
  }
  return { ...span, ...(terms as Terms), ...(handover ? { handover: spanOf(handover, policy.timezone) } : {}) }
}

function spanOf([opens, closes]: [string, string], timezone: string): Span {
  return { opensAt: toInstant(opens, timezone, 'opens')!, closesAt: toInstant(closes, timezone, 'closes')! }
}

function instantOf(at: string, timezone: string): Span {
  const instant = toInstant(at, timezone, 'opens')!
  return { opensAt: instant, closesAt: instant }
}

function outcomesThat(policy: Policy, wanted: (effect: Effect) => boolean): OutcomeRef[] {
  return policy.phases.flatMap((phase) => outcomesOf(phase.kind).flatMap((outcome) => {
    const effect = phase.effects[outcome]
    return effect !== undefined && effect !== 'nothing' && wanted(effect) ? [{ phase: phase.id, outcome }] : []
  }))
}

/** When the first phase opens that shows the results of a round or review; undefined if none does. */
function shownAt(phases: TimelinePhase[], { id }: TimelinePhase): number | undefined {
  const shown = phases.filter((phase) => phase.kind === 'result' && phase.of.includes(id)).map((phase) => phase.opensAt)
  return shown.length > 0 ? Math.min(...shown) : undefined
}

function compileFact(policy: Policy, id: FactId): TimelineFact {
  const { type, label, of, labels, from, sum, table } = policy.facts[id]!
  const ids = (wanted: (phase: Phase) => boolean) => policy.phases.filter(wanted).map((phase) => phase.id)
  const reads = (rule: RuleId) => {
    const { facts } = readsOfRule(rule, policy.rules)
    return facts.has(id) || [...facts].some((fact) => partsOf(policy.facts, fact).includes(id))
  }
  return {
    type,
    ...(label ? { label } : {}),
    ...(of ? { of } : {}),
    ...(labels ? { labels } : {}),
    ...(from ? { from } : {}),
    ...(sum ? { sum } : {}),
    ...(table ? { table: { says: table.says, rows: table.rows, ...(table.atMost === undefined ? {} : { atMost: table.atMost }) } } : {}),
    askedBy: ids((phase) => phase.kind === 'registration' && phase.asks.includes(id)),
    answeredBy: ids((phase) => phase.kind === 'check' && phase.answers.includes(id)),
    foundBy: ids((phase) => phase.kind === 'review' && phase.finds.includes(id)),
    settledBy: ids((phase) => phase.kind === 'review' && [...phase.needs, ...phase.judges].some(reads)),
  }
}
