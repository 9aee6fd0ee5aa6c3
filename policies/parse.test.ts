import { describe, expect, it } from 'vitest'
import { parsePolicy } from './parse.js'
import { lineOf, TOWN, townWith } from './policy.fixture.js'

function faultsOf(text: string) {
  const parsed = parsePolicy(text, 'town.yaml')
  return parsed.ok ? [] : parsed.faults
}

describe('reading a policy file', () => {
  it('reads a sound one into camel case, with names resolved', () => {
    const parsed = parsePolicy(TOWN, 'town.yaml')
    expect(parsed.ok && parsed.policy.phases[2]).toMatchObject({
      id: 'review', kind: 'review', needs: ['lives-here'], judges: [], finds: ['home.address'],
      who: { op: 'form', form: 'enrolment', is: 'filed' },
      effects: { undecided: JSON.parse('{ "then": "desk" }') as object },
    })
  })

  it('says where broken YAML breaks', () => {
    const text = townWith(['who: { review: approved, stage: primary }', 'who: { review: approved, stage: [primary }'])
    expect(faultsOf(text)[0]).toMatchObject({ code: 'yaml', line: lineOf(text, 'stage: [primary }') })
  })

  it('refuses aliases that would unfold without end', () => {
    const text = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*b, *b, *b, *b, *b, *b]\n`
    expect(faultsOf(text)[0]).toMatchObject({ code: 'yaml' })
  })

  it('refuses a file that is no policy at all', () => {
    expect(faultsOf('just words')).toHaveLength(1)
    expect(faultsOf('')).toHaveLength(1)
  })

  const planted: [what: string, find: string, replace: string, at: string, message: RegExp][] = [
    ['an unknown key', '  by: police\n', '  by: police\n  colour: blue\n', 'colour: blue', /unknown key colour/],
    ['an unknown kind', 'kind: check\n', 'kind: chekc\n', 'kind: chekc', /kind of phase is not in the language/],
    ['a kind of later versions', 'kind: check\n', 'kind: payment\n', 'kind: payment', /not in the language/],
    ['a missing mandatory effect', '  silent: nothing\n', '', '- id: address-check', /silent is missing/],
    ['an effect that is none', '  silent: nothing\n', '  silent: ignore\n', 'silent: ignore', /nothing, or says bars, then or releases/],
    ['a day that is no day', '2030-03-05 17:00]', '2030-02-30 17:00]', '2030-02-30 17:00', /no time 2030-02-30/],
    ['an hour that is no hour', '2030-03-05 17:00]', '2030-03-05 25:00]', '2030-03-05 25:00', /no time 2030-03-05 25:00/],
    ['a time in another form', '2030-03-05 17:00]', '"5 March"]', '"5 March"', /YYYY-MM-DD/],
    ['a window that ends before it opens', '2030-03-05 17:00]', '2030-02-05 17:00]', 'window: [2030-03-01 09:00, 2030-02-05', /not after it opens/],
    ['an unknown timezone', 'timezone: Asia/Shanghai', 'timezone: Asia/Atlantis', 'timezone: Asia/Atlantis', /no timezone Asia\/Atlantis/],
    ['a misspelt fact in a guard', 'stage: primary }', 'stgae: primary }', 'stgae: primary', /stgae is no fact, rule, form or phase/],
    ['a comparison of unlike facts', 'same: [home.address, papers.address]', 'same: [home.address, home.since]', 'needs: { same: [home.address, home', /of different types/],
    ['a value that a fact does not have', 'stage: primary }', 'stage: senior }', 'stage: senior', /senior.* none of them/],
    ['an outcome that a phase does not have', 'who: { review: approved, stage: primary }', 'who: { review: passed, stage: primary }', 'review: passed', /review .* has no outcome "passed"/],
    ['a test that does not fit the type', '{ by: 2029-08-31 }', '{ at-least: 3 }', 'home.since: { at-least', /home\.since is of type date/],
    ['an effect on a phase that is not there', 'missed: { then: desk }\n  source: families', 'missed: { then: desks }\n  source: families', 'then: desks', /no phase desks/],
    ['seats of a group that is not there', '  seats: public\n  not-admitted', '  seats: pubic\n  not-admitted', 'seats: pubic', /no group pubic/],
    ['a rule that is not there', 'needs: [lives-here]', 'needs: [live-here]', 'live-here]', /no rule live-here/],
    ['a check-in of something that gives no seats', 'of: [seats, junior-seats]', 'of: [review]', 'review]', /review is a review, not a round/],
    ['a catchment round without its address', '  address: home.address\n', '', 'method: catchment', /does not say which address/],
    ['a catchment round by something that is no address', 'address: home.address\n', 'address: home.since\n', 'address: home.since', /home\.since is of type date, not address/],
    ['a lottery that leaves out a zone', '  method: catchment\n  address: home.address\n', '  method: lottery\n  except-zone-of: home.address\n', 'method: lottery', /not for any school of its groups/],
    ['a direct round without its school', 'method: catchment\n  address: home.address\n', 'method: direct\n', 'method: direct', /does not say at which school/],
    ['a review at a school by something that is no address', '  by: [district]\n', '  by: [school]\n  address: home.since\n', 'address: home.since', /home\.since is of type date, not address/],
    ['a last seat that is given in another way', '  method: catchment\n  address: home.address\n', '  method: catchment\n  address: home.address\n  last-seat: both\n', 'last-seat: both', /admit.*skip.*split/],
    ['a last seat of twins in a round that places singly', '  method: catchment\n  address: home.address\n', '  method: residual\n  near: home.address\n  last-seat: split\n', 'last-seat: split', /places each child singly/],
    ['an approval that nobody gives', '  method: catchment\n  address: home.address\n', '  method: catchment\n  address: home.address\n  approval: two-eyes\n', 'approval: two-eyes', /four-eyes/],
    ['a one-of without values', 'of: [primary, junior], ', '', 'stage: ', /one-of/],
    ['labels that leave out a value', 'from: roster }', 'from: roster, labels: { primary: Grundschule } }', 'labels: { primary', /one for each/],
    ['a group that reads a child', 'public: { school.type: public }', 'public: { stage: primary }', 'stage: primary', /group public reads stage/],
    ['two phases of one name', '- id: junior-seats', '- id: seats', '- id: seats\n  kind: round\n  at: 2030-03-15 24:00\n  who: { review: approved, stage: junior', /two phases seats/],
    ['a name for two things', '- id: check-in', '- id: lives-here', 'id: lives-here', /names a phase and a rule/],
    ['a rule that rests on itself', 'needs: { same:', 'needs: { lives-here: met, same:', 'lives-here:', /rests on itself/],
  ]
  it.each(planted)('reports %s with its line', (_what, find, replace, at, message) => {
    const text = townWith([find, replace])
    const fault = faultsOf(text).find((candidate) => message.test(candidate.message))
    expect(fault?.message).toMatch(message)
    expect(fault?.fix).not.toBe('')
    expect(fault?.line).toBe(lineOf(text, at))
  })

  it.each(['skip', 'admit', 'split'])('reads that a last seat is for twins to %s', (lastSeat) => {
    const parsed = parsePolicy(townWith(['  address: home.address\n', `  address: home.address\n  last-seat: ${lastSeat}\n`]), 'town.yaml')
    expect(parsed.ok && parsed.policy.phases.find(({ id }) => id === 'seats')).toMatchObject({ kind: 'round', lastSeat })
  })

  it('guesses the meant name', () => {
    const text = townWith(['stage: primary }', 'stgae: primary }'])
    expect(faultsOf(text)[0]?.fix).toBe('did you mean stage?')
  })

  it('reports everything at once: what is malformed and, in the sound rest, what points at nothing', () => {
    const text = townWith(
      ['  by: police\n', '  by: police\n  colour: blue\n'],
      ['  silent: nothing\n', ''],
      ['needs: [lives-here]', 'needs: [live-here]'],
      ['then: desk }\n  source: come', 'then: dekc }\n  source: come'],
      ['2030-04-02 15:00', '2030-13-02 15:00'],
    )
    const faults = faultsOf(text)
    expect(faults.map(({ code }) => code).sort()).toEqual(['name', 'name', 'schema', 'schema', 'time'])
    expect(faults.map(({ line }) => line)).toEqual(faults.map(({ line }) => line).sort((a, b) => a - b))
  })

  it('lets a fault in one phase raise no false ones about its name', () => {
    const text = townWith(['- id: check-in\n  kind: check-in\n', '- id: check-in\n  kind: check-in\n  colour: blue\n'],
      ['missed: { then: desk }\n  source: families', 'missed: { then: check-in }\n  source: families'])
    expect(faultsOf(text).map(({ message }) => message)).toEqual(['unknown key colour'])
  })
})
