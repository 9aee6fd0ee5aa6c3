import { beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { boundariesOf, isAnswered } from './boundaries.js'
import { react } from './reactor.js'
import { ScriptedChild } from './scripted-child.fixture.js'
import { Simulation } from './simulation.fixture.js'
import { viewOf } from './view.js'

let timeline: Timeline
beforeAll(async () => {
  timeline = (await loadPolicy('changchun-2022')).timeline
})

const HOUR_MS = 3_600_000
const opens = (phase: string) => phaseById(timeline, phase).opensAt
const closes = (phase: string) => phaseById(timeline, phase).closesAt
const newChild = () => new ScriptedChild('changchun-2022', `c${'a'.repeat(25)}`)
const seat = { basis: 'zoning', school: 'public-1' }

/** A child that is on the list before the season opens. */
function onTheList(): Simulation {
  const child = newChild()
  return new Simulation(timeline, child, timeline.opensAt - HOUR_MS).on({ kind: 'fact', fact: child.listed() })
}
function registered(): Simulation {
  const life = onTheList().until(opens('register') + HOUR_MS)
  return life.on({ kind: 'fact', fact: life.child.filed('information', 'register') })
}
function placed(): Simulation {
  const life = registered().until(opens('review') + HOUR_MS)
  life.on({ kind: 'fact', fact: life.child.case('review', 'approved') }).until(closes('zoning') + 8_000)
  return life.on({ kind: 'fact', fact: life.child.place({ zoning: 'admitted' }, [seat]) })
}

describe('the reactor', () => {
  it('announces a child once with its first fact', () => {
    const life = onTheList()
    expect(life.told).toEqual(['started: listed'])
    expect(life.commands).toContainEqual(expect.objectContaining({ kind: 'show', district: 'chaoyang' }))
  })

  it('does nothing about a fact it has already, or an older one', () => {
    const life = onTheList()
    const filed = life.child.filed('information', 'register')
    const amended = life.child.filed('information', 'register')
    life.until(opens('register') + HOUR_MS).on({ kind: 'fact', fact: amended })
    const before = life.state
    life.on({ kind: 'fact', fact: filed }).on({ kind: 'fact', fact: amended })
    expect(life.state).toEqual(before)
  })

  it('asks at a deadline, after drain and grace, and takes silence for the negative outcome', () => {
    const life = onTheList().until(closes('register') + 15_999)
    expect(life.given).toEqual([])
    life.until(closes('register') + 16_000)
    expect(life.given).toEqual(['ask register'])
    expect(life.knowledge.outcomes).toEqual({ register: 'missed' })
  })

  it('waits for the new deadline of a phase that turns out to be extended', () => {
    const life = onTheList()
    const later = closes('register') + HOUR_MS
    life.closesAt.set('register', later)
    life.until(closes('register') + 16_000)
    expect(life.knowledge.outcomes).toEqual({})
    expect(viewOf(life.state, life.now, life.setting).next).toEqual({ phase: 'register', boundary: 'closes', at: later })
    life.until(later + 16_000)
    expect(life.knowledge.outcomes).toEqual({ register: 'missed' })
  })

  it('asks an owner that says "still open" after its end again, later and not at once', () => {
    const life = onTheList()
    life.state = { ...life.state, asking: 'register' }
    life.now = closes('register') + 16_000
    const { state, commands } = react(life.state, { at: life.now, kind: 'asked', phase: 'register', answer: { state: 'open', closesAt: closes('register') } }, life.setting)
    expect(commands).toEqual([])
    expect(state.closesAt['register']).toBeGreaterThan(life.now)
  })

  it('leaves a round’s result time to come as an event before it asks, and asks before a desk takes the child for one without a seat', () => {
    const patient = (resultGraceMs: number) => {
      const child = newChild()
      const life = new Simulation(timeline, child, timeline.opensAt - HOUR_MS, { resultGraceMs }).on({ kind: 'fact', fact: child.listed() })
      life.until(opens('register') + HOUR_MS).on({ kind: 'fact', fact: child.filed('information', 'register') })
      return life.until(opens('review') + HOUR_MS).on({ kind: 'fact', fact: child.case('review', 'approved') })
    }
    const due = opens('zoning') + 16_000 + HOUR_MS
    const life = patient(HOUR_MS).until(due - 1)
    expect(life.given).not.toContain('ask zoning')
    expect(life.until(due).given).toContain('ask zoning')
    const forEver = patient(1_000 * 24 * HOUR_MS)
    const asks = () => boundariesOf(forEver.state, forEver.knowledge, forEver.setting).find(({ phase }) => phase === 'zoning')
    expect(asks()).toMatchObject({ act: 'ask', due: opens('arrangement') })
    forEver.until(opens('arrangement'))
    expect(forEver.given.indexOf('ask zoning')).toBeGreaterThan(-1)
    expect(asks()).toBeUndefined()
  })

  it('has nothing to ask any more once facts say what is being asked, and goes on', () => {
    const life = registered().until(opens('review') + HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.case('review', 'approved') })
    life.now = opens('place-notice')
    life.state = { ...life.state, asking: 'zoning' }
    expect(isAnswered(life.state, life.knowledge, life.setting)).toBe(false)
    life.on({ kind: 'fact', fact: life.child.place({ zoning: 'admitted' }, [seat]) })
    expect(isAnswered(life.state, life.knowledge, life.setting)).toBe(true)
    expect(life.given).not.toContain('place-notice place-notice')
    life.on({ kind: 'answered' })
    expect(life.state.asking).toBeUndefined()
    expect(life.given).toContain('place-notice place-notice')
  })

  it('opens a case at the opening of a check and of a review, once each, with what it knows', () => {
    const life = registered().until(opens('review') + HOUR_MS)
    expect(life.given.filter((command) => command.startsWith('open-case'))).toEqual(['open-case police-check', 'open-case review'])
    expect(life.given.indexOf('ask register')).toBeLessThan(life.given.indexOf('open-case police-check'))
    const opened = life.commands.find((command) => command.kind === 'open-case')
    expect(opened).toMatchObject({ facts: expect.arrayContaining([expect.objectContaining({ aggregate: 'registration' })]) })
  })

  it('opens no case in a window that has gone by', () => {
    const child = newChild()
    const late = new Simulation(timeline, child, closes('review') + HOUR_MS)
    child.filed('information', 'register')
    late.on({ kind: 'fact', fact: child.listed() })
    expect(late.given.filter((command) => command.startsWith('open-case'))).toEqual([])
    expect(late.knowledge.outcomes['review']).toBe('undecided')
  })

  it('issues the place notice at its instant for whom holds a seat, and not before', () => {
    const life = placed()
    expect(life.given).not.toContain('place-notice place-notice')
    life.until(opens('place-notice'))
    expect(life.given).toContain('place-notice place-notice')
    expect(life.knowledge.outcomes['place-notice']).toBe('issued')
  })

  it('gives the admission letter at check-in, for the notice', () => {
    const life = placed().until(opens('public-check-in') + HOUR_MS)
    life.on({ kind: 'fact', fact: life.child.place({ 'public-check-in': 'present' }, [], seat) })
    const letter = life.commands.find((command) => command.kind === 'issue-paper' && command.paper === 'admission-letter')
    expect(letter).toMatchObject({ phase: 'public-check-in', school: 'public-1', exchanges: true })
    expect(life.state.shown.status).toBe('enrolled')
  })

  it('opens a case for a flagged child at once, on the first desk that has not closed', () => {
    const life = registered().on({ kind: 'flagged', by: 'officer-1', reason: 'orphan' })
    expect(life.state.arrangement).toMatchObject({ phase: 'arrangement', cause: { flaggedBy: 'officer-1', reason: 'orphan' } })
    expect(life.told.at(-1)).toBe('arrangement-requested: awaiting-arrangement')
    life.until(closes('arrangement') + HOUR_MS)
    expect(life.state.arrangement).toMatchObject({ phase: 'bureau-desk', cause: { outcome: 'overdue', of: 'arrangement' } })
  })

  it('notes the flag of a seated child and opens its case only when the seat is gone', () => {
    const life = placed().on({ kind: 'flagged', by: 'officer-1', reason: 'asked to' })
    expect(life.state.arrangement).toBeUndefined()
    life.on({ kind: 'fact', fact: life.child.place({ 'public-check-in': 'missed' }, []) })
    expect(life.state.arrangement?.cause).toEqual({ flaggedBy: 'officer-1', reason: 'asked to' })
  })

  it('closes the case of a flagged child that gets a seat by a round', () => {
    const life = registered().on({ kind: 'flagged', by: 'officer-1', reason: 'asked to' })
    life.on({ kind: 'fact', fact: life.child.place({ zoning: 'admitted' }, [seat]) })
    expect(life.state.arrangement).toBeUndefined()
    expect(life.told.at(-1)).toBe('arrangement-closed: placed')
  })

  it('ends a child by the desk with its reason, whatever comes later', () => {
    const life = onTheList().until(opens('arrangement') + HOUR_MS).on({ kind: 'ended-by-desk', reason: 'moved-before' })
    expect(life.told.at(-1)).toBe('arrangement-closed: ended')
    life.until(timeline.closesAt + HOUR_MS)
    expect(life.state.end).toEqual({ kind: 'ended', phase: 'arrangement', reason: 'moved-before' })
  })

  it('releases everything of a child that leaves, before anything else, and ends', () => {
    const life = placed()
    life.on({ kind: 'fact', fact: life.child.withdrawn('other-city') })
    expect(life.given.at(-1)).toBe('release')
    expect(life.state.end).toEqual({ kind: 'withdrawn', reason: 'other-city' })
    expect(life.told.at(-1)).toBe('ended: ended')
    const { commands } = react(life.state, { at: life.now, kind: 'boundary' }, life.setting)
    expect(commands).toEqual([])
  })

  it('ends a child that nobody placed with that as the reason, never silently', () => {
    const life = onTheList().until(timeline.closesAt + HOUR_MS)
    expect(life.state.end).toEqual({ kind: 'ended', phase: 'bureau-desk', reason: 'season-closed-without-seat' })
  })

  it('shows the family the closing of a choice that is still theirs', () => {
    const life = placed().until(opens('private-choice') + HOUR_MS)
    expect(viewOf(life.state, life.now, life.setting).next).toEqual({ phase: 'private-choice', boundary: 'closes', at: closes('private-choice') })
  })

  it('comes through the whole season when it hears of the child only at the end', () => {
    const child = newChild()
    const roster = child.listed()
    child.filed('information', 'register')
    child.case('police-check', 'answered')
    child.case('review', 'approved')
    child.place({ zoning: 'admitted', 'public-check-in': 'present' }, [], seat)
    const late = new Simulation(timeline, child, timeline.closesAt - HOUR_MS).on({ kind: 'fact', fact: roster })
    late.until(timeline.closesAt + HOUR_MS)
    expect(late.state.end).toEqual({ kind: 'enrolled', route: 'catchment', round: 'zoning', school: 'public-1' })
  })
})
