import { compileTimeline } from './compile.js'
import type { Policy } from './language.js'
import { parsePolicy } from './parse.js'
import type { PolicySource } from './source.js'
import type { Timeline } from './timeline.js'

/** A town with one way to a seat, for tests: sound, and without anything to note. */
export const TOWN = `policy: town-2030
version: 1
timezone: Asia/Shanghai
children: everyone

groups:
  public: { school.type: public }

facts:
  stage:          { type: one-of, of: [primary, junior], from: roster }
  home.address:   { type: address }
  papers.address: { type: address }
  home.since:     { type: date }

rules:
  lives-here:
    needs: { same: [home.address, papers.address], home.since: { by: 2029-08-31 } }
    says: lives where the papers say, for a year

phases:
- id: register
  kind: registration
  form: enrolment
  window: [2030-03-01 09:00, 2030-03-05 17:00]
  asks: [home.address, papers.address, home.since, stage]
  missed: { then: desk }
  source: families register
- id: address-check
  kind: check
  window: [2030-03-06, 2030-03-07]
  who: { enrolment: filed }
  by: police
  answers: [home.address]
  silent: nothing
  source: the police confirm addresses
- id: review
  kind: review
  window: [2030-03-08, 2030-03-15]
  who: { enrolment: filed }
  by: [district]
  needs: [lives-here]
  finds: [home.address]
  refused: { then: desk }
  undecided: { then: desk }
  source: districts look at the papers
- id: seats
  kind: round
  at: 2030-03-15 24:00
  who: { review: approved, stage: primary }
  method: catchment
  address: home.address
  seats: public
  not-admitted: { then: desk }
  source: seats by zone
- id: junior-seats
  kind: round
  at: 2030-03-15 24:00
  who: { review: approved, stage: junior }
  method: catchment
  address: home.address
  seats: public
  not-admitted: { then: desk }
  source: seats by zone
- id: check-in
  kind: check-in
  window: [2030-04-01 09:00, 2030-04-02 15:00]
  of: [seats, junior-seats]
  missed: { then: desk }
  source: come or waive
- id: desk
  kind: arrangement
  window: [2030-05-01, 2030-05-31]
  who: { seat: none }
  by: district
  seats: public
  source: the district places whoever has no seat
`

/** The text of the town with some of it replaced; each replacement must find its place. */
export function townWith(...changes: [find: string, replace: string][]): string {
  return changes.reduce((text, [find, replace]) => {
    if (!text.includes(find)) throw new Error(`the town has no ${JSON.stringify(find)}`)
    return text.replace(find, () => replace)
  }, TOWN)
}

/** The town, whose rule counts points by a table; the months are known once the police have answered. */
export const TOWN_WITH_POINTS = townWith(
  ['rules:\n', `  months: { type: number }
  tenure: { type: one-of, of: [own, rent, other] }
  honour: { type: yes-no }
  points.home:
    type: number
    table:
      says: points for living here
      at-most: 40
      rows:
      - { fact: months, each: 2, at-most: 30, says: two a month }
      - { fact: tenure, points: { own: 20, rent: 10, other: 0 }, says: by the dwelling }
      - { fact: honour, points: 5, says: an honour }
  points: { type: number, sum: [points.home] }

rules:
  counted: { needs: { points: { at-least: 0 } }, says: the points are known }
`],
  ['stage]\n', 'stage, months, tenure, honour]\n'],
  ['answers: [home.address]', 'answers: [home.address, months]'],
  ['needs: [lives-here]', 'needs: [lives-here, counted]'],
)

/** The line on which a piece of text first stands. */
export function lineOf(text: string, piece: string): number {
  return text.slice(0, text.indexOf(piece)).split('\n').length
}

/** Parses and compiles a policy that is sound. */
export function compiled(text: string): { policy: Policy; timeline: Timeline; source: PolicySource } {
  const parsed = parsePolicy(text, 'town.yaml')
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => `${fault.line}: ${fault.message}`).join('\n'))
  return { policy: parsed.policy, timeline: compileTimeline(parsed.policy), source: parsed.source }
}
