import type { Cond, FactValue } from '../../../../policies/language.js'
import { phasesOfKind, type Timeline, type TimelineFact } from '../../../../policies/timeline.js'

/** An ordinary value of a fact that is no address: what a family for whom everything is in order has. */
function ordinaryValue(fact: TimelineFact, quietSchool: string): FactValue {
  switch (fact.type) {
    case 'yes-no':
      return true
    case 'one-of':
      return fact.of?.[0] ?? ''
    case 'date':
      return '2010-03-01'
    case 'percent':
      return 100
    case 'number':
      return 1
    case 'school':
      return quietSchool
    case 'place':
    case 'address':
      return ''
  }
}

/**
 * Roster facts of a child. Some forms are only for some children (in Changchun the graduates of private nine-year
 * schools): those who may file them have every value the phase asks for, the others all but the last.
 */
export function rosterFacts(timeline: Timeline, ofSpecialForm: boolean, quietSchool: string): Record<string, FactValue> {
  const facts = Object.fromEntries(
    Object.entries(timeline.facts)
      .filter(([, fact]) => fact.from === 'roster')
      .map(([id, fact]) => [id, ordinaryValue(fact, quietSchool)]),
  )
  for (const { who } of specialForms(timeline)) {
    if (who === 'everyone' || who === 'sent') continue
    const asked = wanted(who).filter(([fact]) => fact in facts)
    for (const [fact, value] of ofSpecialForm ? asked : asked.slice(0, -1)) facts[fact] = value
  }
  return facts
}

/** Registration phases that file another form than the first one. */
export function specialForms(timeline: Timeline) {
  const [first, ...others] = phasesOfKind(timeline, 'registration')
  return others.filter(({ form }) => form !== first?.form)
}

/** Plain answers to a phase's questions, addresses apart. */
export function ordinaryAnswers(timeline: Timeline, asks: readonly string[], quietSchool: string): Record<string, FactValue> {
  return Object.fromEntries(
    asks.flatMap((id) => {
      const fact = timeline.facts[id]
      return fact && fact.type !== 'address' ? [[id, ordinaryValue(fact, quietSchool)]] : []
    }),
  )
}

function wanted(cond: Cond): [string, FactValue][] {
  if (cond.op === 'all') return cond.of.flatMap(wanted)
  if (cond.op === 'fact' && 'is' in cond.test && cond.test.is[0] !== undefined) return [[cond.fact, cond.test.is[0]]]
  return []
}
