import { DEFAULT_ORDER, type ClaimOrder, type Direction, type KeyValue } from '../../../../contracts/rounds.js'
import { verdictOf } from '../../../../policies/conditions.js'
import { knownValue, type Knowledge } from '../../../../policies/knowledge.js'
import type { RoundMethod, RoundOrder } from '../../../../policies/language.js'
import type { Timeline, TimelinePhaseOf } from '../../../../policies/timeline.js'

/** What an order asks of a child, by key. */
export type Keys = Record<string, KeyValue>

/** 1 where another school may take the unit as well, 0 where its zone has one. */
export const SEVERAL_SCHOOLS = 'severalSchools'

const METHODS: readonly RoundMethod[] = ['direct', 'catchment', 'lottery', 'ranked', 'residual']

/** True for all methods but names given by hand, for which nobody gives the names yet. */
export const isDecidedHere = (method: RoundMethod): boolean => METHODS.includes(method)

/**
 * The one order of a round: as the policy says; then in a catchment whoever has one school before those whom another
 * may take as well; then by ticket.
 */
export function ordersOf({ method, order }: TimelinePhaseOf<'round'>): Record<string, ClaimOrder> {
  const asked = order.flatMap(keysAsked).map(({ key, direction }) => ({ key, direction }))
  const by = method === 'catchment' ? [...asked, { key: SEVERAL_SCHOOLS, direction: 'asc' as const }] : asked
  return { [DEFAULT_ORDER]: by.length > 0 ? { kind: 'ranked', by } : { kind: 'lottery' } }
}

/** What the policy's order asks of a child, by all that is known of it; undefined where it asks nothing. */
export function keysOf(timeline: Timeline, { order }: TimelinePhaseOf<'round'>, knowledge: Knowledge): Keys | undefined {
  if (order.length === 0) return undefined
  return Object.fromEntries(order.flatMap(keysAsked).map(({ key, valueOf }) => [key, valueOf(timeline, knowledge)]))
}

interface Asked {
  key: string
  direction: Direction
  valueOf(timeline: Timeline, knowledge: Knowledge): KeyValue
}

/** In place of a date that is not known. A key must be a text that is not empty; that it is unknown, another key says. */
const NO_DATE = '0000-00-00'

/** A rule ranks whoever meets it first; a fact ranks by its value, and whoever's is not known last. */
function keysAsked(by: RoundOrder): Asked[] {
  if ('rule' in by) {
    return [{ key: `${by.rule}.unmet`, direction: 'asc', valueOf: (timeline, knowledge) => (verdictOf(by.rule, knowledge, timeline) === 'met' ? 0 : 1) }]
  }
  const isKnown = (knowledge: Knowledge) => typeof knownValue(knowledge, by.fact) === (by.first === 'earliest' ? 'string' : 'number')
  const unknown: Asked = { key: `${by.fact}.unknown`, direction: 'asc', valueOf: (_, knowledge) => (isKnown(knowledge) ? 0 : 1) }
  const value = (knowledge: Knowledge) => (isKnown(knowledge) ? knownValue(knowledge, by.fact) : undefined)
  return by.first === 'earliest'
    ? [unknown, { key: by.fact, direction: 'asc', valueOf: (_, knowledge) => (value(knowledge) as string | undefined) ?? NO_DATE }]
    : [unknown, { key: `${by.fact}.hundredths`, direction: 'desc', valueOf: (_, knowledge) => hundredths((value(knowledge) as number | undefined) ?? 0) }]
}

/** A draw knows whole numbers alone: the nearest hundredth, within those that every program counts exactly. */
const hundredths = (value: number): number => Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.round(value * 100)))
