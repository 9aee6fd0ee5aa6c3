import type { FactTest, FactValue, RuleVerdict } from './language.js'

/** Kleene's three values. Only `true` lets a child pass. */
export type Truth = 'true' | 'false' | 'unknown'

/** Kleene's and: false if any part is, else unknown if any part is. */
export function allOf(parts: Truth[]): Truth {
  return parts.includes('false') ? 'false' : parts.includes('unknown') ? 'unknown' : 'true'
}

/** Kleene's or: true if any part is, else unknown if any part is. */
export function anyOf(parts: Truth[]): Truth {
  return parts.includes('true') ? 'true' : parts.includes('unknown') ? 'unknown' : 'false'
}

/** Kleene's not. */
export function negate(value: Truth): Truth {
  return value === 'unknown' ? 'unknown' : ofBoolean(value === 'false')
}

/** A truth that is not unknown. */
export function ofBoolean(value: boolean): Truth {
  return value ? 'true' : 'false'
}

/** Tests one value; one that is not known gives `unknown`. */
export function testValue(test: FactTest, value: FactValue | undefined): Truth {
  if (value === undefined) return 'unknown'
  if ('is' in test) return ofBoolean(test.is.includes(value))
  if ('in' in test) return ofBoolean(value === test.in)
  if ('by' in test || 'after' in test) {
    return ofBoolean(typeof value === 'string' && (test.by === undefined || value <= test.by) && (test.after === undefined || value > test.after))
  }
  const { atLeast, above } = test as { atLeast?: number; above?: number }
  return ofBoolean(typeof value === 'number' && (atLeast === undefined || value >= atLeast) && (above === undefined || value > above))
}

/** Are all values the same? Two known values that differ settle it, whatever the unknown ones are. */
export function sameOf(values: (FactValue | undefined)[]): Truth {
  const known = values.filter((value) => value !== undefined)
  if (known.some((value) => value !== known[0])) return 'false'
  return known.length === values.length ? 'true' : 'unknown'
}

/** Tests a verdict. Only a test that names `unknown` says anything about a rule that is unknown. */
export function testVerdict(is: readonly RuleVerdict[], verdict: RuleVerdict): Truth {
  return verdict === 'unknown' && !is.includes('unknown') ? 'unknown' : ofBoolean(is.includes(verdict))
}
