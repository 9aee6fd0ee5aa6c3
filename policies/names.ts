import { outcomesOf, PHASE_KINDS, type FactTypeName, type PhaseKind } from './language.js'

/** The names a policy declares, read leniently, so that a fault in one part raises no false ones elsewhere. */
export interface Names {
  phases: Map<string, PhaseKind | undefined>
  forms: Set<string>
  facts: Map<string, { type?: FactTypeName; of?: string[]; sum?: unknown; table?: unknown }>
  rules: Set<string>
  groups: Set<string>
  places: Set<string>
  papers: Set<string>
}

type Loose = Record<string, unknown>

/** Collects the names of a document that may be faulty. */
export function namesOf(raw: unknown): Names {
  const root = asObject(raw)
  const phases = Array.isArray(root['phases']) ? root['phases'].map(asObject) : []
  const texts = (key: string, kind?: string) => new Set(phases
    .filter((phase) => kind === undefined || phase['kind'] === kind)
    .flatMap((phase) => (typeof phase[key] === 'string' ? [phase[key]] : [])))
  return {
    phases: new Map(phases.flatMap((phase) => (typeof phase['id'] === 'string' ? [[phase['id'], asKind(phase['kind'])]] : []))),
    forms: texts('form', 'registration'),
    facts: new Map(Object.entries(asObject(root['facts'])).map(([id, fact]) => [id, asObject(fact)])),
    rules: new Set(Object.keys(asObject(root['rules']))),
    groups: new Set(Object.keys(asObject(root['groups']))),
    places: new Set(Object.keys(asObject(root['places']))),
    papers: texts('paper', 'notice'),
  }
}

function asObject(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {}
}

function asKind(value: unknown): PhaseKind | undefined {
  return PHASE_KINDS.find((kind) => kind === value)
}

/** True if a phase of that name has, or for all we know could have, that outcome. */
export function hasOutcome(names: Names, phase: string, outcome: string): boolean {
  const kind = names.phases.get(phase)
  return kind === undefined || (outcomesOf(kind) as readonly string[]).includes(outcome)
}

/** The name most like a misspelt one, for a hint. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate)
    if (!best || distance < best.distance) best = { candidate, distance }
  }
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
