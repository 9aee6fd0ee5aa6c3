import { describe, expect, it } from 'vitest'
import { compiled, lineOf, TOWN, townWith } from '../policy.fixture.js'
import { checkPolicy } from './index.js'

const SECOND_ROUND = `- id: extra-seats
  kind: round
  at: 2030-04-10 09:00
  who: { enrolment: filed }
  method: lottery
  seats: public
  keeps: [seats, junior-seats]
  not-admitted: nothing
  source: seats left are drawn
- id: extra-check-in
  kind: check-in
  window: [2030-04-15 09:00, 2030-04-16 15:00]
  of: [extra-seats]
  present: { releases: [seats, junior-seats] }
  missed: nothing
  source: come or waive
- id: desk
`
const withSecondRound = (...changes: [string, string][]) => {
  const text = townWith(['- id: desk\n', SECOND_ROUND])
  return changes.reduce((changed, [find, replace]) => {
    expect(changed).toContain(find)
    return changed.replace(find, () => replace)
  }, text)
}

const check = (text: string) => checkPolicy(compiled(text)).faults

describe('the check of a policy', () => {
  it('finds nothing wrong with a sound one, and leads many sorts of children through it', () => {
    const { faults, states } = checkPolicy(compiled(TOWN))
    expect(faults).toEqual([])
    expect(states).toBeGreaterThan(20)
    expect(check(withSecondRound()).filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  const planted: [what: string, code: string, severity: string, text: string, at: string, message: RegExp][] = [
    ['a fact nobody produces', 'fact-nobody-produces', 'error',
      townWith(['home.since, stage]', 'stage]']), '  home.since:', /nobody produces home\.since/],
    ['a fact nobody reads', 'unused', 'note',
      townWith(['rules:\n', '  shoe-size: { type: number, from: roster }\nrules:\n']), '  shoe-size:', /reads shoe-size/],
    ['a rule nobody uses', 'unused', 'warning',
      townWith(['rules:\n', 'rules:\n  idle: { needs: { stage: primary }, says: idle }\n']), '  idle:', /no phase uses rule idle/],
    ['a phase without its sentence', 'no-source', 'warning', townWith(['  source: come or waive\n', '']), '- id: check-in', /check-in has no sentence/],
    ['an assumption that does not say what', 'no-reading', 'warning',
      townWith(['  source: come or waive\n', '  assumed: true\n']), '- id: check-in', /check-in is assumed/],
    ['a then on a phase decided earlier', 'effect-too-late', 'error',
      townWith(['missed: { then: desk }\n  source: come', 'missed: { then: review }\n  source: come']),
      '  missed: { then: review }', /check-in\.missed then review, which is already decided/],
    ['a bar on a phase decided earlier', 'effect-too-late', 'error',
      townWith(['silent: nothing', 'silent: { bars: [register] }']), '  silent: { bars', /bars register, which is already decided/],
    ['a release of seats that are given later', 'effect-too-late', 'error',
      townWith(['silent: nothing', 'silent: { releases: [seats] }']), '  silent: { releases', /gives them only later/],
    ['a bar that may come after the barred phase is decided', 'effect-may-be-late', 'warning',
      townWith(['  missed: { then: desk }\n  source: come', '  present: { bars: [gifts] }\n  missed: { then: desk }\n  source: come'],
        ['- id: desk\n', '- id: gifts\n  kind: registration\n  form: gift\n  window: [2030-03-20, 2030-03-31]\n  missed: nothing\n  source: gifts\n- id: desk\n'],
        ['[2030-04-01 09:00, 2030-04-02 15:00]', '[2030-03-21 09:00, 2030-04-02 15:00]']),
      '  present: { bars', /decided at 2030-04-01 00:00, while this outcome may come until/],
    ['a guard on an outcome that cannot be there yet', 'guard-too-early', 'error',
      townWith(['  who: { enrolment: filed }\n  by: police', '  who: { review: approved }\n  by: police']),
      'who: { review: approved }\n  by: police', /address-check asks for review approved/],
    ['a guard on a negative outcome before the close', 'guard-too-early', 'error',
      townWith(['window: [2030-03-06, 2030-03-07]\n  who: { enrolment: filed }', 'window: [2030-03-02, 2030-03-03]\n  who: { register: missed }']),
      'who: { register: missed }', /address-check asks for register missed/],
    ['a guard on a form that nobody could have filed yet', 'guard-too-early', 'error',
      townWith(['window: [2030-03-06, 2030-03-07]', 'window: [2030-02-06, 2030-02-07]']), '  who: { enrolment: filed }\n  by: police', /asks whether form enrolment is filed/],
    ['a guard on a fact that is found only later', 'guard-too-early', 'error',
      townWith(['  who: { enrolment: filed }\n  by: police', '  who: { enrolment: filed, debts: false }\n  by: police'],
        ['rules:\n', '  debts: { type: yes-no }\n\nrules:\n'], ['finds: [home.address]', 'finds: [home.address, debts]']),
      '  who: { enrolment: filed, debts', /rests on debts, which nobody can know before/],
    ['a phase that opens before what it asks for is decided', 'opens-late', 'note',
      townWith(['window: [2030-03-06, 2030-03-07]', 'window: [2030-03-04, 2030-03-07]']), '  who: { enrolment: filed }\n  by: police', /opens late for some/],
    ['a phase that opens before children are sent to it', 'opens-before-sent', 'note',
      townWith(['window: [2030-05-01, 2030-05-31]', 'window: [2030-04-02, 2030-05-31]']), 'missed: { then: desk }\n  source: come', /before this phase closes/],
    ['a phase no child can reach', 'unreachable-phase', 'error',
      townWith(['- id: desk\n', '- id: on-site\n  kind: registration\n  form: late\n  window: [2030-04-10, 2030-04-11]\n  who: sent\n  missed: nothing\n  source: late\n- id: desk\n']),
      '- id: on-site', /no child can ever reach on-site/],
    ['an outcome no child can have', 'unreachable-outcome', 'warning',
      townWith(['needs: [lives-here]', 'needs: [lives-here, never]'], ['rules:\n', 'rules:\n  never: { needs: { all: [ { stage: primary }, { stage: junior } ] }, says: never }\n'],
        ['stage: primary }\n  method', 'stage: primary }\n  method']),
      '- id: review', /review can never end approved/],
    ['a bar that never bites', 'idle-bar', 'note',
      townWith(['refused: { then: desk }', 'refused: { then: desk, bars: [check-in] }']), '  refused: { then: desk, bars', /review\.refused bars check-in, which would never ask such a child/],
    ['a child without an end', 'child-without-end', 'error',
      townWith(['undecided: { then: desk }', 'undecided: nothing'], ['who: { seat: none }', 'who: sent']), '  undecided: nothing', /after review\.undecided a child has neither/],
    ['a held seat no check-in takes up', 'seat-not-taken-up', 'error',
      townWith(['of: [seats, junior-seats]', 'of: [seats]']), '- id: junior-seats', /no check-in takes up a seat of junior-seats/],
    ['a seat left held beside a taken one', 'seat-not-taken-up', 'error',
      withSecondRound(['window: [2030-04-01 09:00, 2030-04-02 15:00]\n  of: [seats, junior-seats]', 'window: [2030-04-20 09:00, 2030-04-21 15:00]\n  of: [seats, junior-seats]\n  who: { not: { extra-check-in: present } }'],
        ['  present: { releases: [seats, junior-seats] }\n', '']), '- id: seats', /a seat of seats stays held by a child who took one of extra-seats/],
    ['two taken seats', 'two-taken-seats', 'error',
      withSecondRound(['  present: { releases: [seats, junior-seats] }\n', '']), '- id: extra-check-in', /beside the one of (junior-)?seats/],
    ['who is caught only by the catch-all', 'caught-only-by', 'note',
      townWith(['undecided: { then: desk }', 'undecided: nothing']), '- id: desk', /only desk catches them: after review\.undecided/],
  ]

  it.each(planted)('finds %s', (_what, code, severity, text, at, message) => {
    const fault = check(text).find((candidate) => candidate.code === code && message.test(candidate.message))
    expect(fault?.message).toMatch(message)
    expect(fault).toMatchObject({ severity, file: 'town.yaml', line: lineOf(text, at) })
    expect(fault?.fix).not.toBe('')
  })

  it("tells how a child falls through as the child's story", () => {
    const [fault] = check(townWith(['undecided: { then: desk }', 'undecided: nothing'], ['who: { seat: none }', 'who: sent']))
    expect(fault?.story).toEqual([
      '2030-03-01 09:00: form enrolment is filed (register: filed).',
      '2030-03-06 00:00: the authority answers (address-check: answered).',
      'Say that home.address and papers.address do not all agree.',
      '2030-03-16 00:00: nobody has decided on the papers (review: undecided).',
      'The season ends, and the child has neither a seat nor an end.',
    ])
  })

  it('owes no end to children whom the season is not about', () => {
    const text = townWith(['children: everyone', 'children: { stage: primary }'], ['who: { seat: none }', 'who: { seat: none, stage: primary }'])
    expect(check(text).map(({ code, path }) => `${code} ${path}`)).toEqual(['unreachable-phase phases.4'])
  })

  it('finds a child without an end though a desk catches others', () => {
    const text = townWith(['who: { seat: none }', 'who: { seat: none, stage: junior }'], ['undecided: { then: desk }', 'undecided: nothing'])
    expect(check(text).filter(({ code }) => code === 'child-without-end')).toHaveLength(1)
  })

  const gifts = (who: string): [string, string] => ['- id: desk\n', `- id: gifts\n  kind: registration\n  form: gift\n  window: [2030-04-20, 2030-04-25]\n  who: ${who}\n  missed: nothing\n  source: gifts\n- id: desk\n`]

  it.each([
    ['an outcome', 'turning: { needs: { review: approved }, says: turns }', 'not: { turning: met }'],
    ['a form', 'turning: { needs: { gift: filed }, says: turns }', 'not: { turning: met }'],
    ['whether another rule is unknown', 'agree: { needs: { same: [home.address, papers.address] }, says: agree }\n  turning: { needs: { agree: unknown }, says: turns }', 'turning: met'],
  ])('finds a child without an end behind a rule that reads %s and turns with it', (_what, rules, guard) => {
    const text = townWith(['rules:\n', `rules:\n  ${rules}\n`], gifts('everyone'), ['who: { seat: none }', `who: { seat: none, ${guard} }`],
      ['not-admitted: { then: desk }\n', 'not-admitted: nothing\n'])
    expect(check(text).filter(({ code }) => code === 'child-without-end')).not.toEqual([])
  })

  it('sees a phase reached by a rule that reads a seat', () => {
    const text = townWith(['rules:\n', 'rules:\n  seated: { needs: { seat: taken }, says: seated }\n'], gifts('{ seated: met }'))
    expect(check(text).filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  it('reports an error of time before it leads anybody through', () => {
    const { faults, states } = checkPolicy(compiled(townWith(['silent: nothing', 'silent: { bars: [register] }'])))
    expect(states).toBe(0)
    expect(faults.map(({ severity }) => severity)).toEqual(['error'])
  })
})
