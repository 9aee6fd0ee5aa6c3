import { randomBytes } from 'node:crypto'
import type { Fault } from '../../../contracts/problems.js'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import { foldKnowledge, type Knowledge } from '../../../policies/knowledge.js'
import { addressOf, placeFactsOf } from '../../../policies/places.js'
import { addCounted } from '../../../policies/points.js'
import type { Timeline, TimelineFact, TimelinePhaseOf } from '../../../policies/timeline.js'
import { base32 } from '../../../platform/crypto.js'
import { problem } from '../../../platform/problem.js'

/** An address token that equals no other: all we learn is that the address is another one. */
const differingToken = (): string => `differs:${base32(randomBytes(16), 25)}`

/** The facts a review may state: those of the policy, and in which places their addresses lie. */
export const foundBy = (timeline: Timeline, phase: TimelinePhaseOf<'review'>): string[] =>
  phase.finds.flatMap((fact) => [fact, ...placeFactsOf(timeline, fact)])

/** What was stated by anybody but a case: the family's word and the roster's. */
export function declaredBy(timeline: Timeline, facts: readonly ChildFact[]): Record<string, FactValue> {
  const { facts: stated } = foldKnowledge(timeline, facts.filter((fact) => fact.aggregate !== 'case'))
  return Object.fromEntries(Object.entries(stated).map(([fact, { value }]) => [fact, value]))
}

/**
 * What a reviewer stated about facts of the papers, as values: `confirmed` is the value the family declared,
 * `differs` an address that is none of those declared.
 * @param given by fact, as the request holds it
 * @throws Problem `unknown-field` for a fact this review does not find, `invalid-input` for a value of another type
 */
export function resolveFindings(
  timeline: Timeline,
  phase: TimelinePhaseOf<'review'>,
  facts: readonly ChildFact[],
  given: Record<string, FactValue>,
): Record<string, FactValue> {
  const strangers = Object.keys(given).filter((fact) => !foundBy(timeline, phase).includes(fact))
  if (strangers.length > 0) {
    const faults = strangers.map((fact) => ({ at: `/findings/${fact}`, message: `is not found by ${phase.id}` }))
    throw problem('unknown-field', `${phase.id} finds ${phase.finds.join(', ') || 'no facts'}`, { faults })
  }
  const declared = declaredBy(timeline, facts)
  const faults: Fault[] = []
  const found: Record<string, FactValue> = {}
  const places: Record<string, FactValue> = {}
  for (const [fact, value] of Object.entries(given)) {
    const statement = statementOf(timeline, fact, value, declared)
    if ('wrong' in statement) {
      faults.push({ at: `/findings/${fact}`, message: statement.wrong })
      continue
    }
    found[fact] = statement.value
    Object.assign(places, statement.places)
  }
  if (faults.length > 0) throw problem('invalid-input', 'A finding does not fit its fact', { faults })
  return { ...places, ...found }
}

/** What a review has found once these are added: an address found anew brings its own places. */
export function addFindings(before: Record<string, FactValue>, found: Record<string, FactValue>): Record<string, FactValue> {
  const kept = Object.entries(before).filter(([fact]) => fact === addressOf(fact) || found[addressOf(fact)] === undefined)
  return { ...Object.fromEntries(kept), ...found }
}

/** A value that an authority or a reviewer states, with the places of an address that is as declared; or why it is none. */
export type Statement = { value: FactValue; places: Record<string, FactValue> } | { wrong: string }

/**
 * @param given a value, `confirmed` for the declared one, or `differs` for another address
 * @param declared what was declared, by fact
 */
export function statementOf(timeline: Timeline, fact: string, given: FactValue, declared: Record<string, FactValue>): Statement {
  const type = fact === addressOf(fact) ? timeline.facts[fact] : YES_NO
  if (given === 'confirmed') {
    const value = declared[fact]
    if (value === undefined) return { wrong: 'nothing was declared that could be confirmed' }
    const places = placeFactsOf(timeline, fact).flatMap((place) => (declared[place] === undefined ? [] : [[place, declared[place]] as const]))
    return { value, places: Object.fromEntries(places) }
  }
  if (type?.type === 'address') return given === 'differs' ? { value: differingToken(), places: {} } : { wrong: 'an address is confirmed or differs' }
  const wrong = mistypedAs(type, given)
  return wrong === undefined ? { value: given, places: {} } : { wrong }
}

/** Whether an address lies in a place. */
const YES_NO: Pick<TimelineFact, 'type' | 'of'> = { type: 'yes-no' }

function mistypedAs(type: Pick<TimelineFact, 'type' | 'of'> | undefined, value: FactValue): string | undefined {
  switch (type?.type) {
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'number':
    case 'percent':
      return typeof value === 'number' ? undefined : 'must be a number'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? undefined : 'must be a day, YYYY-MM-DD'
    case 'one-of':
      return type.of?.includes(String(value)) ? undefined : `must be one of ${type.of?.join(', ')}`
    default:
      return typeof value === 'string' ? undefined : 'must be a text'
  }
}

/** The places of these addresses of which the facts say nothing. */
export const unsaidPlaces = (timeline: Timeline, addresses: readonly string[], facts: Record<string, FactValue>): string[] =>
  addresses.flatMap((fact) => placeFactsOf(timeline, fact)).filter((place) => facts[place] === undefined)

/** Knowledge in which these findings are known, for a review that is not decided yet. What is counted is counted again. */
export function withFindings(timeline: Timeline, knowledge: Knowledge, findings: Record<string, FactValue>): Knowledge {
  const facts: Knowledge['facts'] = { ...knowledge.facts }
  for (const [fact, value] of Object.entries(findings)) facts[fact] = { value, source: 'finding', known: true }
  for (const place of unsaidPlaces(timeline, Object.keys(findings), findings)) delete facts[place]
  addCounted(timeline.facts, facts)
  return { ...knowledge, facts }
}
