import type { ChildFact } from '../../../contracts/facts.js'
import { inGroup } from '../../../policies/conditions.js'
import { zoneOf } from '../../../policies/forms.js'
import { knownValue } from '../../../policies/knowledge.js'
import { phasesOfKind, readsOf, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { canonicalJson } from '../../../platform/crypto.js'
import type { EventLog, Zone } from '../sources/event-log.js'
import { isAsked, momentAt, readingsAt, type Reading } from './known.js'
import type { UnitRow } from './rounds.js'
import { commonSchools, twinFaults, type Wishes } from './twins.js'

/** What is wrong with a frozen list, and with which child. */
export interface ListFault {
  child: string
  what: string
}

type Round = TimelinePhaseOf<'round'>
type Told = Pick<EventLog, 'told' | 'closedAt' | 'schools' | 'zones'>

/**
 * Where a frozen list is not what the policy makes of the facts as they were told before the freeze: a child is missing
 * that the round asks, or is listed without right; the schools it stands for are not those it chose, or those of the
 * zone of its latest form; twins are parted, or others put together; in a residual round a child is said to live elsewhere.
 * @param at of the first freeze (ms): further runs have its list
 */
export function listFaults(timeline: Timeline, round: Round, units: readonly UnitRow[], log: Told, at: number): ListFault[] {
  const moment = momentAt(log, at)
  const readings = new Map([...log.told].map(([child, told]) => [child, readingsAt(timeline, told, moment)]))
  const readingsOf = (child: string) => readings.get(child) ?? []
  const wishes = new Map([...readings].map(([child, all]) => [child, all.map((reading) => wishesOf(timeline, round, reading, log))]))
  const listed = new Set(units.flatMap(({ members }) => members))
  const missing = [...wishes].filter(([child, all]) => !listed.has(child) && all.every((wish) => wish !== undefined))
  const without = new Set([...listed].filter((child) => (wishes.get(child) ?? []).every((wish) => wish === undefined)))
  const entitled = units.filter(({ members }) => !members.some((child) => without.has(child)))
  return [
    ...missing.map(([child]) => ({ child, what: 'is not on its list, and the policy asks it' })),
    ...[...without].map((child) => ({ child, what: 'is on its list, and the policy does not ask it' })),
    ...entitled.flatMap((unit) => schoolFaults(unit, wishes)),
    ...twinFaults(timeline, round, entitled, wishes, readingsOf),
    ...(round.method === 'residual' ? entitled.flatMap((unit) => homeFaults(timeline, round, unit, readingsOf, log)) : []),
  ]
}

function schoolFaults({ members, schools }: UnitRow, wishes: Wishes): ListFault[] {
  const all = (['first', 'last'] as const).map((by) => commonSchools(wishes, members, by))
  if (all.some((wish) => wish.join() === schools.join())) return []
  return [{ child: members[0]!, what: `is listed for [${schools.join(', ')}], its choice or address gives [${all[0]!.join(', ')}]` }]
}

/** Near home a child is listed with the location of its zone, and with the schools of the zone that is not for it. */
function homeFaults(timeline: Timeline, round: Round, { members, keys }: UnitRow, readingsOf: (child: string) => Reading[], log: Told): ListFault[] {
  return members.flatMap((child) => {
    const kept = canonicalJson(keys?.[child] ?? {})
    const expected = readingsOf(child).map(({ facts }) => {
      const excepted = round.exceptZoneOf === undefined ? [] : offeredOf(timeline, round, zoneFor(timeline, round.exceptZoneOf, facts, log.zones)?.schools ?? [], log)
      return canonicalJson({ ...zoneFor(timeline, round.near, facts, log.zones)?.location, ...Object.fromEntries(excepted.map((school) => [`except.${school}`, 1])) })
    })
    return expected.includes(kept) ? [] : [{ child, what: 'is listed with another home than the zones of its latest form give' }]
  })
}

/** The schools that may take a child in a round, in order; undefined if the policy does not ask it. */
function wishesOf(timeline: Timeline, round: Round, reading: Reading, log: Told): string[] | undefined {
  if (!isAsked(timeline, round.id, reading)) return undefined
  const wishes = wishesBy(timeline, round, reading, log)
  return wishes && offeredOf(timeline, round, wishes, log)
}

/** Those of some schools of which the round has seats. */
const offeredOf = (timeline: Timeline, round: Round, wanted: readonly string[], { schools }: Told): string[] =>
  [...new Set(wanted)].filter((id) => {
    const facts = schools.get(id)
    return facts !== undefined && round.seats.some((group) => inGroup(timeline, group, facts))
  })

function wishesBy(timeline: Timeline, round: Round, reading: Reading, { zones }: Told): string[] | undefined {
  if (round.method === 'residual') return []
  if (round.method === 'catchment') return zoneFor(timeline, round.address, reading.facts, zones)?.schools ?? []
  const read = typeof round.who === 'object' ? readsOf(round.who, timeline.rules).phases : new Set<string>()
  const choices = phasesOfKind(timeline, 'choice').filter(({ id }) => read.has(id))
  return choices.length > 0 ? chosenIn(timeline, choices, reading) : namedBy(timeline, round, reading)
}

/** A choice counts if its phase asks the child by all that is known now; undefined if none does. */
function chosenIn(timeline: Timeline, choices: readonly TimelinePhaseOf<'choice'>[], reading: Reading): string[] | undefined {
  const counting = reading.facts.filter((fact) => fact.aggregate === 'choice' && choices.some(({ id }) => id === fact.id) && isAsked(timeline, fact.id, reading))
  const inOrder = choices.flatMap(({ id }) => counting.filter((fact) => fact.id === id))
  return inOrder.length > 0 ? inOrder.flatMap(({ schools = [] }) => schools) : undefined
}

/** The school that a fact of the child names. */
function namedBy(timeline: Timeline, round: Round, { knowledge }: Reading): string[] {
  const ids = round.school ? [round.school] : Object.keys(timeline.facts).filter((id) => timeline.facts[id]!.type === 'school')
  return ids.map((id) => knownValue(knowledge, id)).filter((value) => typeof value === 'string')
}

/** The zone of the address a round goes by; without one of the first address of the policy that lies in one. */
function zoneFor(timeline: Timeline, address: string | undefined, facts: readonly ChildFact[], zones: ReadonlyMap<string, Zone>): Zone | undefined {
  const [zone] = (address ? [address] : Object.keys(timeline.facts)).flatMap((id) => zoneOf(timeline, id, facts) ?? [])
  return zone === undefined ? undefined : zones.get(zone)
}
