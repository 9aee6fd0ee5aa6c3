import { phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../../policies/timeline.js'
import type { Answers, Filing, Papers, Script } from '../../script.js'
import { ordinaryAnswers, specialForms } from './facts.js'
import type { Life } from './lives.js'

/** What of a script depends on where the family lives. */
interface Particulars {
  address: { district: string; street: string; number: number; room: string }
  /** A school where a form asks for one. */
  school: string
  /** School it applies to in the first choice phase, or by the form of its own school. */
  applyTo: string | undefined
  /** School it tries for when vacancies are given. */
  tryFor: string | undefined
  isSecondTwin: boolean
}

/** The script of a life under a policy. */
export function scriptOf(timeline: Timeline, life: Life, particulars: Particulars): Script {
  const asked = new Set(phasesOfKind(timeline, 'check').flatMap(({ by }) => by))
  return {
    forms: Object.fromEntries(phasesOfKind(timeline, 'registration').filter((phase) => files(timeline, life, phase)).map((phase) => [phase.id, filing(timeline, life, phase, particulars)])),
    choices: choicesOf(timeline, life, particulars),
    authorities: Object.fromEntries([...asked].map((authority) => [authority, { does: life.authorities }])),
    papers: life.leaves || life.special ? 'none' : papersOf(timeline, life),
    confirms: life.comes !== 'nowhere-if-admitted',
    comes: life.comes,
    leaves: life.leaves,
    flagged: life.special,
    ...(life.twins && { twins: life.twins }),
  }
}

function files(timeline: Timeline, life: Life, phase: TimelinePhaseOf<'registration'>): boolean {
  if (specialForms(timeline).some(({ id }) => id === phase.id)) return life.applies === 'own-school'
  return phase.desk === undefined ? life.registers === 'on-time' || life.registers === 'amends' : life.registers === 'on-site'
}

function filing(timeline: Timeline, life: Life, phase: TimelinePhaseOf<'registration'>, { address, school }: Particulars): Filing {
  const answers = (room: string): Answers => ({
    ...ordinaryAnswers(timeline, phase.asks, school),
    ...Object.fromEntries(phase.asks.filter((fact) => timeline.facts[fact]?.type === 'address').map((fact) => [fact, { ...address, room }])),
  })
  return { answers: answers(''), ...(life.registers === 'amends' && phase.desk === undefined && phase.amend === 'until-close' && { first: answers('1-101') }) }
}

/** One entry stands for twins who stay together. */
function choicesOf(timeline: Timeline, life: Life, { applyTo, tryFor, isSecondTwin }: Particulars): Script['choices'] {
  if (life.twins === 'together' && isSecondTwin) return {}
  const wanted = phasesOfKind(timeline, 'choice').map(({ id }, at) => [id, at > 0 ? tryFor : life.applies === 'own-school' ? undefined : applyTo] as const)
  return Object.fromEntries(wanted.flatMap(([id, school]) => (school === undefined ? [] : [[id, { schools: [school] }]])))
}

/** Papers that are wrong show an address that differs. */
function papersOf(timeline: Timeline, life: Life): Record<string, Papers> {
  if (life.papers === 'in-order') return {}
  return Object.fromEntries(phasesOfKind(timeline, 'review').flatMap(({ id, finds }) => {
    const doubted = finds.find((fact) => fact.endsWith('address'))
    return doubted === undefined ? [] : [[id, { outcome: 'refused', reason: '材料与登记不一致', findings: { [doubted]: 'differs' } }]]
  }))
}
