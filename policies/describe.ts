import type { Cond, FactTest } from './language.js'

/** A condition in plain words. */
export function describe(cond: Cond): string {
  switch (cond.op) {
    case 'all':
      return 'all of these'
    case 'any':
      return 'any of these'
    case 'not':
      return 'not this'
    case 'same':
      return `${cond.facts.join(', ')} are the same`
    case 'fact':
      return `${cond.fact} ${describeTest(cond.test)}`
    case 'rule':
      return `rule ${cond.rule} is ${cond.is.join(' or ')}`
    case 'form':
      return `form ${cond.form} is ${cond.is}`
    case 'outcome':
      return `${cond.phase} ended ${cond.is.join(' or ')}`
    case 'seat':
      return `the child's seat is ${cond.is.join(' or ')}`
    case 'school':
      return `school.${cond.attribute} ${describeTest(cond.test)}`
  }
}

function describeTest(test: FactTest): string {
  if ('is' in test) return `is ${test.is.join(' or ')}`
  if ('in' in test) return `lies in ${test.in}`
  const words = Object.entries({ 'at least': 'atLeast', above: 'above', 'no later than': 'by', after: 'after' })
    .flatMap(([word, key]) => (key in test ? [`${word} ${(test as Record<string, string | number>)[key]}`] : []))
  return `is ${words.join(' and ')}`
}
