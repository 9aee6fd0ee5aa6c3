import { phasesOfKind, type Timeline } from '../../../../policies/timeline.js'
import type { Script } from '../../script.js'

/** What authorities answer unless told: as declared, and that nobody was ever admitted from the dwelling. */
const USUAL: Script['authorities'][string] = { does: 'match', values: { 'dwelling.last-family': 'none' } }

/** A script with all it leaves out, and without what this policy does not ask or find. */
export function scriptUnder(timeline: Timeline, { forms = {}, choices = {}, authorities = {}, papers = {}, ...other }: Partial<Script>): Script {
  const asks = Object.fromEntries(phasesOfKind(timeline, 'registration').map(({ id, asks }) => [id, asks]))
  const finds = Object.fromEntries(phasesOfKind(timeline, 'review').map(({ id, finds }) => [id, finds]))
  const authorityNames = [...new Set(phasesOfKind(timeline, 'check').flatMap(({ by }) => by))]
  return {
    confirms: false, comes: 'where-admitted', leaves: false, flagged: false, ...other,
    choices,
    forms: mapped(forms, ({ answers, first, ...filing }, phase) =>
      ({ ...filing, answers: only(asks[phase], answers), ...(first && { first: only(asks[phase], first) }) })),
    authorities: Object.fromEntries(authorityNames.map((name) => [name, authorities[name] ?? USUAL])),
    papers: papers === 'none' ? papers : mapped(papers, ({ findings, ...shown }, phase) =>
      ({ ...shown, ...(findings && { findings: only(finds[phase], findings) }) })),
  }
}

const only = <V>(facts: readonly string[] = [], values: Record<string, V>): Record<string, V> =>
  Object.fromEntries(Object.entries(values).filter(([fact]) => facts.includes(fact)))

const mapped = <V, W>(values: Record<string, V>, map: (value: V, key: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]))
