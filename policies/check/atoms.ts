import type { Cond, FactId, FactTest, FactValue } from '../language.js'
import type { Timeline } from '../timeline.js'
import { testValue } from '../truth.js'
import type { Atom } from './state.js'

/** The open points about a child that a policy's conditions can tell apart. */
export interface Atoms {
  ofFact(fact: FactId): Atom
  ofSame(facts: readonly FactId[]): Atom
  ofPlace(fact: FactId, place: string): Atom
  ofSchool(attribute: string): Atom
}

/** Finds for every fact the values worth telling apart: one for each way of answering all the tests on it. */
export function atomsOf(timeline: Timeline, conds: readonly Cond[]): Atoms {
  const tests = new Map<string, FactTest[]>()
  for (const cond of conds) collectTests(cond, tests)
  const known = new Map<string, Atom>()
  const remember = (key: string, make: () => Omit<Atom, 'key'>): Atom => {
    const atom = known.get(key) ?? { key, ...make() }
    known.set(key, atom)
    return atom
  }
  return {
    ofFact: (fact) => remember(fact, () => ({ says: fact, domain: domainOf(timeline.facts[fact]?.of, tests.get(fact) ?? []) })),
    ofSame: (facts) => remember(`same ${facts.join(' ')}`, () => ({
      says: `${facts.join(' and ')} agree`, denies: `${facts.join(' and ')} do not all agree`, domain: [true, false],
    })),
    ofPlace: (fact, place) => remember(`${fact}@${place}`, () => ({
      says: `${fact} lies in ${place}`, denies: `${fact} does not lie in ${place}`, domain: [true, false],
    })),
    ofSchool: (attribute) => remember(`school.${attribute}`, () => ({
      says: `school.${attribute}`, domain: domainOf(undefined, tests.get(`school.${attribute}`) ?? []),
    })),
  }
}

function collectTests(cond: Cond, into: Map<string, FactTest[]>): void {
  if (cond.op === 'all' || cond.op === 'any') for (const part of cond.of) collectTests(part, into)
  if (cond.op === 'not') collectTests(cond.of, into)
  if (cond.op === 'fact') into.set(cond.fact, [...(into.get(cond.fact) ?? []), cond.test])
  if (cond.op === 'school') into.set(`school.${cond.attribute}`, [...(into.get(`school.${cond.attribute}`) ?? []), cond.test])
}

/** One value for each pattern of answers to the tests. */
function domainOf(declared: readonly string[] | undefined, tests: readonly FactTest[]): FactValue[] {
  const candidates: FactValue[] = declared ? [...declared] : tests.flatMap(valuesAround)
  const byAnswers = new Map<string, FactValue>()
  for (const value of candidates) {
    const answers = tests.map((test) => testValue(test, value)).join()
    if (!byAnswers.has(answers)) byAnswers.set(answers, value)
  }
  return [...byAnswers.values()]
}

const HALF = 0.5

/** The values on both sides of each threshold of a test. */
function valuesAround(test: FactTest): FactValue[] {
  if ('in' in test) return [test.in]
  if ('is' in test) return test.is.flatMap((value): FactValue[] => (typeof value === 'boolean' ? [true, false] : [value, 'another']))
  return Object.values(test).flatMap((threshold: string | number): FactValue[] => (typeof threshold === 'number'
    ? [threshold - HALF, threshold, threshold + HALF]
    : [dayAfter(threshold, -1), threshold, dayAfter(threshold, 1)]))
}

function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}
