import { latestForm } from '../../../policies/forms.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Reading } from './known.js'
import type { ListFault } from './lists.js'
import type { UnitRow } from './rounds.js'

/** The schools for which each child may stand, by each reading; undefined where it may not. */
export type Wishes = ReadonlyMap<string, (string[] | undefined)[]>

/** The schools that may take all of these children, in the order of the first of them. */
export function commonSchools(wishes: Wishes, members: readonly string[], by: 'first' | 'last'): string[] {
  const [first = [], ...others] = members.map((child) => wishes.get(child)!.at(by === 'first' ? 0 : -1) ?? [])
  return first.filter((school) => others.every((wish) => wish.includes(school)))
}

/**
 * Children that are listed as one and should not be, or each alone and should be as one: twins are one where the policy
 * counts them so, by the latest form of each, if all are on the list and a school may take them all.
 */
export function twinFaults(timeline: Timeline, round: TimelinePhaseOf<'round'>, units: readonly UnitRow[], wishes: Wishes, readingsOf: (child: string) => Reading[]): ListFault[] {
  const counts = round.method !== 'residual' && (round.twins !== undefined || round.method === 'catchment')
  const namedBy = (child: string) => (counts ? readingsOf(child).map(({ facts }) => latestForm(timeline, facts, ({ unit }) => unit !== undefined)?.unit) : [undefined])
  const alone = new Map(units.flatMap(({ members }) => (members.length === 1 ? [[members[0]!, namedBy(members[0]!)] as const] : [])))
  const together = units.filter(({ members }) => members.length > 1).flatMap(({ unit, members }) =>
    members.filter((child) => namedBy(child).every((twins) => twins?.id !== unit)).map((child) => ({ child, what: 'is listed as one with another child, and the policy or its latest form does not say so' })))
  const apart = [...alone].flatMap(([child, [twins]]) => {
    const isOne = twins?.members.every((member) => alone.get(member)?.every((named) => named?.id === twins.id))
    return isOne && fitTogether(wishes, twins!.members) ? [{ child, what: 'is listed alone, and is one with its twin by the latest form of each' }] : []
  })
  return [...together, ...apart]
}

const fitTogether = (wishes: Wishes, members: readonly string[]): boolean =>
  (['first', 'last'] as const).every((by) => commonSchools(wishes, members, by).length > 0)
