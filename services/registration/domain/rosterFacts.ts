import type { FactValue } from '../../../contracts/facts.js'
import type { Timeline } from '../../../policies/timeline.js'
import { addressLine } from './address.js'
import type { Entry } from './rosterRow.js'

/**
 * The roster facts of an entry as they leave registration. An address fact that the policy takes from the roster
 * is the household's, as a token.
 */
export function rosterFactsOf(entry: Entry, timeline: Timeline, token: (line: string) => string): Record<string, FactValue> {
  if (!entry.household) return entry.facts
  const addresses = Object.entries(timeline.facts).filter(([, fact]) => fact.from === 'roster' && fact.type === 'address')
  if (addresses.length === 0) return entry.facts
  const line = addressLine(entry.household)
  return { ...entry.facts, ...Object.fromEntries(addresses.map(([id]) => [id, token(line)])) }
}
