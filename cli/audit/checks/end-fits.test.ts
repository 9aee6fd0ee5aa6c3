import { beforeAll, describe, expect, it } from 'vitest'
import type { EndState } from '../../../contracts/enrollment.js'
import { loadPolicy } from '../../../policies/load.js'
import type { Timeline } from '../../../policies/timeline.js'
import { endFault, type Kept, type Seat } from './end-fits.js'

let timeline: Timeline
beforeAll(async () => { timeline = (await loadPolicy('jiulongpo-2023-primary')).timeline })

const seat = (basis: string, over: Partial<Seat> = {}): Seat => ({ school: 's', basis, taken: true, way: null, ...over })
const kept = (seats: Seat[] = [], confirmed: string[] = []): Kept => ({ seats, confirmed })
const enrolled = (round: string): EndState => ({ kind: 'enrolled', route: 'lottery', round, school: 's' })
const desk = (kind: 'arranged' | 'inclusive-class' | 'home-teaching', phase: string): EndState => ({ kind, phase, school: 's' })
const ended = (phase: string, reason: string): EndState => ({ kind: 'ended', phase, reason })

describe('an end', () => {
  it.each<[string, EndState, Kept]>([
    ['a seat that was taken', enrolled('household-round'), kept([seat('household-round')])],
    ['a seat that was confirmed', enrolled('converted-draw'), kept([seat('converted-draw')], ['converted-confirmation'])],
    ['a seat in an ordinary class', desk('inclusive-class', 'disability-arrangement'), kept([seat('arrangement', { way: 'inclusive-class' })])],
    ['a seat like any other', desk('arranged', 'arrangement'), kept([seat('arrangement')])],
    ['a deferral', { kind: 'deferral', phase: 'disability-arrangement', reason: 'a year' }, kept()],
    ['the reason of its closing', ended('no-seat-for-migrant', 'no-seat-left-for-migrant-child'), kept()],
    ['a desk that found nothing', ended('arrangement', 'in another district'), kept()],
    ['a season that forgot it', ended('arrangement', 'season-closed-without-seat'), kept()],
  ])('fits %s', (_what, end, at) => {
    expect(endFault(timeline, end, at)).toBeUndefined()
  })

  it.each<[string, EndState, Kept, RegExp]>([
    ['no seat', enrolled('household-round'), kept(), /its seat is none/],
    ['a seat of another round', enrolled('household-round'), kept([seat('purchase-round')]), /by purchase-round/],
    ['a seat that was never confirmed', enrolled('converted-draw'), kept([seat('converted-draw')]), /never confirmed/],
    ['a seat that is taught in another way', desk('home-teaching', 'disability-arrangement'), kept([seat('arrangement', { way: 'inclusive-class' })]), /s by arrangement, inclusive-class/],
    ['an ordinary seat for a way', desk('arranged', 'arrangement'), kept([seat('arrangement', { way: 'home-teaching' })]), /home-teaching/],
    ['a desk without that way', desk('inclusive-class', 'arrangement'), kept([seat('arrangement', { way: 'inclusive-class' })]), /no such way/],
    ['a deferral by a desk without it', { kind: 'deferral', phase: 'arrangement', reason: 'a year' }, kept(), /no such way/],
    ['a reason that its closing has not', ended('waived-by-migrant', 'no-application'), kept(), /it ends for place-waived/],
    ['a seat it should not have', ended('no-seat-for-migrant', 'no-seat-left-for-migrant-child'), kept([seat('points-round')]), /has taken one/],
    ['a seat of a child that left', { kind: 'withdrawn', reason: 'moved-away' }, kept([seat('household-round', { taken: false })]), /has a seat/],
  ])('does not fit %s', (_what, end, at, fault) => {
    expect(endFault(timeline, end, at)).toMatch(fault)
  })
})
