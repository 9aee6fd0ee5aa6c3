import type { ChildFact } from '../../../contracts/facts.js'
import type { Unit } from './snapshots.js'
import { twinOf, type Declaration } from './twins.js'

/**
 * The unit a child belongs to: both declared, both filed, and neither form frozen without it.
 * @param declarations the standing ones of both children
 * @param registered the children whose form is filed
 */
export function unitOf(child: string, declarations: readonly Declaration[], registered: ReadonlySet<string>, idOf: (members: string[]) => string): Unit | undefined {
  const twin = twinOf(child, declarations)
  if (twin === undefined || !registered.has(child) || !registered.has(twin)) return undefined
  const members = [child, twin].sort()
  return { id: idOf(members), members }
}

/** The fact with another unit, as its next revision; undefined if the unit is the same or the form is frozen. */
export function withUnit(fact: ChildFact, unit: Unit | undefined): ChildFact | undefined {
  if (fact.frozen || fact.unit?.id === unit?.id) return undefined
  const { unit: _former, ...rest } = fact
  return { ...rest, revision: fact.revision + 1, ...(unit && { unit }) }
}
