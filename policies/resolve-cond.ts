import type { Path } from './fault.js'
import { RULE_VERDICTS, SEAT_STATES, type Cond, type FactTest, type FactValue, type Outcome, type RuleVerdict, type SeatState } from './language.js'
import { closest, hasOutcome, type Names } from './names.js'
import type { RawCond, RawTest } from './schema.js'

/** Takes a fault at a place in the document. */
export type Report = (path: Path, code: string, message: string, fix: string) => void

export interface Resolving {
  names: Names
  report: Report
}

/** Resolves the names of a condition; what is wrong is reported and left out. */
export function resolveCond(raw: RawCond, path: Path, resolving: Resolving): Cond {
  const parts = Object.entries(raw).flatMap(([key, value]): Cond[] => {
    const at = [...path, key]
    if (key === 'all' || key === 'any') {
      return [{ op: key, of: (value as RawCond[]).map((part, index) => resolveCond(part, [...at, index], resolving)) }]
    }
    if (key === 'not') return [{ op: 'not', of: resolveCond(value as RawCond, at, resolving) }]
    if (key === 'same') return [resolveSame(value as string[], at, resolving)]
    const test = resolveTest(key, value as RawTest, at, resolving)
    return test ? [test] : []
  })
  return parts.length === 1 ? parts[0]! : { op: 'all', of: parts }
}

function resolveSame(names: string[], path: Path, resolving: Resolving): Cond {
  const facts = names.filter((fact, index) => isFact(fact, [...path, index], resolving))
  const types = new Set(facts.map((fact) => resolving.names.facts.get(fact)?.type))
  if (types.size > 1) {
    resolving.report(path, 'type', `${facts.join(', ')} are of different types (${[...types].join(', ')}) and can never be the same`, 'compare facts of one type')
  }
  return { op: 'same', facts }
}

function resolveTest(name: string, test: RawTest, path: Path, resolving: Resolving): Cond | undefined {
  const { names } = resolving
  if (name === 'seat') return wordsOf<SeatState>(test, SEAT_STATES, 'a seat is', path, resolving, (is) => ({ op: 'seat', is }))
  if (name.startsWith('school.')) return { op: 'school', attribute: name.slice('school.'.length), test: toFactTest(test) }
  if (names.phases.has(name)) return resolveOutcome(name, test, path, resolving)
  if (names.forms.has(name)) {
    return wordsOf<'filed' | 'missed'>(test, ['filed', 'missed'], 'a form is', path, resolving, ([is]) => ({ op: 'form', form: name, is: is! }))
  }
  if (names.rules.has(name)) return wordsOf<RuleVerdict>(test, RULE_VERDICTS, 'a rule is', path, resolving, (is) => ({ op: 'rule', rule: name, is }))
  if (!isFact(name, path, resolving)) return undefined
  return resolveFactTest(name, test, path, resolving)
}

function wordsOf<W extends string>(
  test: RawTest, allowed: readonly W[], what: string, path: Path, { report }: Resolving, build: (words: W[]) => Cond,
): Cond | undefined {
  const words = valuesOf(test)
  const wrong = words?.find((word) => !(allowed as readonly FactValue[]).includes(word))
  if (!words || wrong !== undefined) {
    report(path, 'test', `${what} ${allowed.join(', ')}, not ${JSON.stringify(wrong ?? test)}`, `write one of ${allowed.join(', ')}`)
    return undefined
  }
  return build(words as W[])
}

function resolveOutcome(phase: string, test: RawTest, path: Path, { names, report }: Resolving): Cond | undefined {
  const words = valuesOf(test)
  const wrong = words?.find((word) => !hasOutcome(names, phase, String(word)))
  if (!words || wrong !== undefined) {
    report(path, 'outcome', `phase ${phase} (${names.phases.get(phase)}) has no outcome ${JSON.stringify(wrong ?? test)}`, 'name an outcome that a phase of this kind can have')
    return undefined
  }
  return { op: 'outcome', phase, is: words as Outcome[] }
}

/** Reports an undeclared name, with the likeliest meant one. */
export function isFact(name: string, path: Path, { names, report }: Resolving): boolean {
  if (names.facts.has(name)) return true
  const meant = closest(name, [...names.facts.keys(), ...names.rules, ...names.forms, ...names.phases.keys()])
  report(path, 'name', `${name} is no fact, rule, form or phase`, meant ? `did you mean ${meant}?` : 'declare it under facts, or mend the name')
  return false
}

function resolveFactTest(fact: string, test: RawTest, path: Path, { names, report }: Resolving): Cond | undefined {
  const { type, of = [] } = names.facts.get(fact) ?? {}
  const wrong = type && wrongTest(type, of, test, names)
  if (wrong) {
    report(path, 'test', `${fact} is ${type === 'one-of' ? `one of ${of.join(', ')}` : `of type ${type}`}; ${wrong}`, TEST_OF_TYPE[type])
    return undefined
  }
  return { op: 'fact', fact, test: toFactTest(test) }
}

const TEST_OF_TYPE = {
  'yes-no': 'write true or false',
  date: 'write { by: YYYY-MM-DD } or { after: YYYY-MM-DD }',
  percent: 'write { at-least: 51 } or { above: 50 }',
  number: 'write { at-least: 60 } or { above: 59 }',
  address: 'compare it with same, or write { in: a-place }',
  place: 'compare it with same, or write { in: a-place }',
  school: 'compare it with same',
  'one-of': 'write one of the declared values, or a list of them',
} as const

function wrongTest(type: keyof typeof TEST_OF_TYPE, of: string[], test: RawTest, names: Names): string | undefined {
  const values = valuesOf(test)
  const keys = values ? [] : Object.keys(test as object)
  const unfit = `this test does not fit it: ${JSON.stringify(test)}`
  switch (type) {
    case 'yes-no':
      return values?.every((value) => typeof value === 'boolean') ? undefined : unfit
    case 'one-of': {
      const stray = values?.find((value) => !of.includes(String(value)))
      return values && stray === undefined ? undefined : `${JSON.stringify(stray ?? test)} is none of them`
    }
    case 'date':
      return keys.length > 0 && keys.every((key) => key === 'by' || key === 'after') ? undefined : unfit
    case 'percent':
    case 'number':
      if (values) return values.every((value) => typeof value === 'number') ? undefined : unfit
      return keys.length > 0 && keys.every((key) => key === 'at-least' || key === 'above') ? undefined : unfit
    case 'address':
    case 'place': {
      const place = (test as { in?: string }).in
      return place === undefined ? unfit : names.places.has(place) ? undefined : `place ${place} is not declared`
    }
    case 'school':
      return unfit
  }
}

function valuesOf(test: RawTest): FactValue[] | undefined {
  return Array.isArray(test) ? test : typeof test === 'object' ? undefined : [test]
}

function toFactTest(test: RawTest): FactTest {
  const values = valuesOf(test)
  if (values) return { is: values }
  const { 'at-least': atLeast, ...rest } = test as { 'at-least'?: number }
  return { ...rest, ...(atLeast === undefined ? {} : { atLeast }) }
}
