import { describe, expect, it } from 'vitest'
import type { Timeline, TimelineFact, TimelinePhaseOf } from '../../../policies/timeline.js'
import { judgeSubmission, type Answers } from './answers.js'

const fact = (fields: Partial<TimelineFact> & Pick<TimelineFact, 'type'>): TimelineFact => ({ askedBy: [], answeredBy: [], foundBy: [], settledBy: [], ...fields })
const timeline = {
  facts: {
    home: fact({ type: 'address' }), moved: fact({ type: 'date' }), share: fact({ type: 'percent' }), points: fact({ type: 'number' }),
    kind: fact({ type: 'one-of', of: ['a', 'b'] }), twin: fact({ type: 'yes-no' }), school: fact({ type: 'school' }), place: fact({ type: 'place' }),
  },
} as unknown as Timeline
const phase = (over: object = {}) => ({ id: 'apply', asks: Object.keys(timeline.facts), ...over }) as TimelinePhaseOf<'registration'>
const catalogue = { districts: new Set(['d1']), schools: new Set(['s1']) }
const whole: Answers = {
  home: { district: 'd1', street: '东街', number: 1, room: '' }, moved: '2012-02-29', share: 51, points: -3.5, kind: 'b', twin: false, school: 's1', place: 'old-town',
}
const judge = (answers: Answers, over: { phase?: object; signed?: boolean } = {}) =>
  judgeSubmission({ timeline, phase: phase(over.phase), catalogue }, { answers, signed: over.signed })
const places = (answers: Answers) => {
  const judged = judge(answers)
  return judged.ok ? [] : judged.faults.map(({ at }) => at)
}

describe('a form', () => {
  it('is taken if everything asked is answered in its type', () => {
    expect(judge(whole)).toEqual({ ok: true })
  })

  it.each([
    ['home', '东街 1'], ['moved', '2011-02-29'], ['share', 101], ['points', '5'], ['kind', 'c'], ['twin', 'yes'], ['school', 's9'], ['place', 'Old Town'],
  ] as const)('is refused for %s in another type', (id, value) => {
    expect(places({ ...whole, [id]: value })).toEqual([`/body/answers/${id}`])
  })

  it('is refused for an answer that is missing, and for one that nobody asked', () => {
    const { home: _home, twin: _twin, ...rest } = whole
    expect(places({ ...rest, extra: 1 })).toEqual(['/body/answers/extra', '/body/answers/home', '/body/answers/twin'])
    expect(judge({ ...whole, extra: 1 })).toMatchObject({ unknownField: true })
    expect(judge(rest)).toMatchObject({ unknownField: false })
  })

  it('needs a signature where the policy wants one', () => {
    expect(judge(whole, { phase: { signed: 'guardian' } })).toMatchObject({ faults: [{ at: '/body/signed' }] })
    expect(judge(whole, { phase: { signed: 'guardian' }, signed: true })).toEqual({ ok: true })
  })
})
