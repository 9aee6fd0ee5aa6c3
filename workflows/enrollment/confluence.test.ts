import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../contracts/facts.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { HOME, ScriptedChild } from './scripted-child.fixture.js'
import { Simulation } from './simulation.fixture.js'

let timeline: Timeline
beforeAll(async () => {
  timeline = (await loadPolicy('changchun-2022')).timeline
})

const publicSeat = { basis: 'zoning', school: 'public-1' }
const privateSeat = { basis: 'private-admission', school: 'private-1' }

/** What happened to one child, each aggregate's facts in their order. */
type Story = (child: ScriptedChild) => ChildFact[][]

const STORIES: Record<string, Story> = {
  'comes to its private school': (child) => [
    [child.listed()],
    [child.filed('information', 'register'), child.filed('information', 'register', { ...HOME, residency: 'permit' })],
    [child.case('police-check', 'answered')],
    [child.case('review', 'approved')],
    [child.chosen('private-choice', 'private-1')],
    [
      child.place({ zoning: 'admitted' }, [publicSeat]),
      child.place({ 'private-admission': 'admitted' }, [publicSeat, privateSeat]),
      child.place({ 'private-check-in': 'present' }, [], privateSeat),
    ],
  ],
  'wins and does not come': (child) => [
    [child.listed()],
    [child.filed('information', 'register')],
    [child.case('review', 'approved')],
    [child.chosen('private-choice', 'private-1')],
    [
      child.place({ zoning: 'admitted' }, [publicSeat]),
      child.place({ 'private-admission': 'admitted' }, [publicSeat, privateSeat]),
      child.place({ 'private-check-in': 'missed', 'public-check-in': 'missed' }, []),
    ],
  ],
  'is refused': (child) => [[child.listed()], [child.filed('information', 'register')], [child.case('review', 'refused')]],
  'leaves the city': (child) => [
    [child.listed()],
    [child.filed('information', 'register')],
    [child.case('review', 'approved')],
    [child.place({ zoning: 'admitted' }, [publicSeat])],
    [child.withdrawn('moved-away')],
  ],
}

/** Takes the next fact of one of the aggregates, or says an old one again, as the numbers decide. */
function interleave(story: ChildFact[][], picks: readonly number[]): ChildFact[] {
  const left = story.map((facts) => [...facts])
  const said: ChildFact[] = []
  for (const pick of picks) {
    const open = left.filter((facts) => facts.length > 0)
    const again = said[pick % Math.max(1, said.length)]
    if (pick % 3 === 0 && again) said.push(again)
    else if (open.length > 0) said.push(open[pick % open.length]!.shift()!)
  }
  return [...said, ...left.flat()]
}

/**
 * Everything that decides about the child. What the workflow did on the way may differ: what it told, and whether it
 * saw a seat in time to issue the paper for it. What comes after a child has left is moot.
 */
function settled(life: Simulation) {
  if (life.knowledge.withdrawn) return { end: life.state.end, status: life.state.shown.status, seat: life.knowledge.seat }
  const { facts, arrangement, end } = life.state
  const { outcomes, seat, held, taken, withdrawn } = life.knowledge
  return {
    facts: [...facts].sort((a, b) => `${a.aggregate}/${a.id}`.localeCompare(`${b.aggregate}/${b.id}`)),
    outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'issued')),
    seat, held, taken, withdrawn, end,
    desk: arrangement?.phase,
    status: life.state.shown.status,
  }
}

/** The facts arrive in this order at this instant (ms); then the season goes on to its end. */
function lived(story: Story, picks: readonly number[], at: number): { at: Simulation; end: Simulation } {
  const tell = () => {
    const child = new ScriptedChild('changchun-2022', `c${'b'.repeat(25)}`)
    const facts = interleave(story(child), picks)
    const life = new Simulation(timeline, child, at)
    for (const fact of facts) life.on({ kind: 'fact', fact })
    return life
  }
  return { at: tell(), end: tell().until(timeline.closesAt + 86_400_000) }
}

const picks = fc.array(fc.nat(1_000), { maxLength: 24 })

describe.each(Object.entries(STORIES))('a child that %s', (_name, story) => {
  it('is in the same state whatever the order and the repetitions in which its facts arrive', () => {
    fc.assert(fc.property(picks, fc.constantFrom('register', 'review', 'private-check-in', 'vacancies', 'bureau-desk'), (order, phase) => {
      const at = phaseById(timeline, phase).opensAt + 1
      expect(settled(lived(story, order, at).at)).toEqual(settled(lived(story, [], at).at))
    }), { numRuns: 25 })
  })

  it('comes to the same end', () => {
    fc.assert(fc.property(picks, fc.constantFrom('register', 'review', 'vacancies', 'bureau-desk'), (order, phase) => {
      const at = phaseById(timeline, phase).opensAt + 1
      expect(settled(lived(story, order, at).end)).toEqual(settled(lived(story, [], at).end))
    }), { numRuns: 15 })
  })
})
