import type { ChildFact } from '../contracts/facts.js'
import { evaluateRule, type Explanation } from './conditions.js'
import { countedLines, explainCounted, factWords, type CountedFact } from './explain-counted.js'
import { toLocal, toLocalEnd } from './instant.js'
import { foldKnowledge, type Knowledge, type KnowableFact } from './knowledge.js'
import type { PhaseId, PhaseKind, RuleId, RuleVerdict } from './language.js'
import { addressOf } from './places.js'
import { settleClosed } from './settle.js'
import { standing, type Standing } from './standing.js'
import type { Timeline } from './timeline.js'
import type { Truth } from './truth.js'

/** What a policy says of one child, and why. */
export interface ExplainedChild {
  policy: Timeline['policy']
  knowledge: Knowledge
  phases: (Standing & { kind: PhaseKind; opens: string; closes?: string })[]
  rules: { rule: RuleId; says: string; verdict: RuleVerdict; explanation: Explanation }[]
  counted: CountedFact[]
}

/**
 * Explains which phases ask a child and how each rule is judged.
 * @param closed phases that are over: whom they asked and who gave no answer has their negative outcome
 */
export function explainChild(timeline: Timeline, facts: Iterable<KnowableFact>, closed: Iterable<PhaseId> = []): ExplainedChild {
  const knowledge = settleClosed(timeline, foldKnowledge(timeline, facts), new Set(closed))
  return {
    policy: timeline.policy,
    knowledge,
    phases: timeline.phases.map((phase) => ({
      kind: phase.kind,
      opens: toLocal(phase.opensAt, timeline.timezone),
      ...(phase.closesAt > phase.opensAt ? { closes: toLocalEnd(phase.closesAt, timeline.timezone) } : {}),
      ...standing(timeline, phase.id, knowledge),
    })),
    rules: Object.entries(timeline.rules).map(([rule, { says }]) => {
      const { value, tree } = evaluateRule(rule, knowledge, timeline)
      return { rule, says, verdict: value, explanation: tree }
    }),
    counted: explainCounted(timeline, knowledge),
  }
}

/** Names in a child's facts that the policy does not have: `<where>: <what>`. */
export function strayNames(timeline: Timeline, facts: readonly Pick<ChildFact, 'facts' | 'outcomes'>[], closed: readonly PhaseId[]): string[] {
  const phases = new Set(timeline.phases.map((phase) => phase.id))
  const factIds = (id: string) => timeline.facts[addressOf(id)] !== undefined
  return [
    ...facts.flatMap((fact, index) => [
      ...Object.keys(fact.facts ?? {}).filter((id) => !factIds(id)).map((id) => `facts.${index}.facts.${id}: the policy has no such fact`),
      ...Object.keys(fact.outcomes ?? {}).filter((id) => !phases.has(id)).map((id) => `facts.${index}.outcomes.${id}: the policy has no such phase`),
    ]),
    ...closed.filter((id) => !phases.has(id)).map((id) => `closed: the policy has no phase ${id}`),
  ]
}

/** The explanation as lines for a person. */
export function formatExplained(explained: ExplainedChild): string {
  const { knowledge } = explained
  return [
    `policy ${explained.policy.id} version ${explained.policy.version} (${explained.policy.hash.slice(0, 12)})`,
    `seat: ${knowledge.seat}${knowledge.withdrawn ? '; withdrawn' : ''}`,
    '',
    ...explained.phases.flatMap((phase) => [headingOf(phase), ...treeLines(phase.explanation.parts ?? [], 1), '']),
    ...explained.rules.flatMap(({ rule, says, verdict, explanation }) => [
      `rule ${rule} (${says}): ${verdict}`, ...treeLines(explanation.parts ?? [], 1), '',
    ]),
    ...explained.counted.flatMap(countedLines),
  ].join('\n')
}

const MAY_ENTER = { yes: 'asks the child', no: 'does not ask the child', unknown: 'unknown whether it asks the child' } as const

function headingOf(phase: ExplainedChild['phases'][number]): string {
  const when = phase.closes ? `${phase.opens} to ${phase.closes}` : phase.opens
  const why = [
    ...(phase.outcome ? [`outcome ${phase.outcome}`] : []),
    ...(phase.sentBy ? [`sent by ${phase.sentBy.phase} ${phase.sentBy.outcome}`] : []),
    ...(phase.barredBy ? [`barred by ${phase.barredBy.phase} ${phase.barredBy.outcome}`] : []),
    ...(phase.endedBy ? [phase.endedBy === 'withdrawn' ? 'the child has left' : `ended by ${phase.endedBy.phase} ${phase.endedBy.outcome}`] : []),
  ]
  return `${phase.phase} (${phase.kind}, ${when}): ${[MAY_ENTER[phase.allowed], ...why].join('; ')}`
}

const WORDS: Record<Truth, string> = { true: 'yes    ', false: 'no     ', unknown: 'unknown' }

function treeLines(parts: readonly Explanation[], depth: number): string[] {
  return parts.flatMap((part) => [
    `${'  '.repeat(depth)}${WORDS[part.value]}  ${part.test}${part.rule ? ` (${part.rule.says})` : ''}${part.facts ? ` [${part.facts.map(factWords).join('; ')}]` : ''}`,
    ...treeLines(part.parts ?? [], depth + 1),
  ])
}
