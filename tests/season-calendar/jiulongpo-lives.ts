import type { EndState } from '../../contracts/enrollment.js'
import type { FactValue, Seat } from '../../contracts/facts.js'
import { MATCHING, POINTS } from '../../policies/jiulongpo.fixture.js'
import type { Hands, Life } from './run-season.js'
import { after, HOUR_MS, into, life, MINUTE_MS, published, step, type Scripted } from './script.js'

type Values = Record<string, FactValue>
/** How long after its opening a review has been decided: within the shortest one. */
const DECIDED_MS = 20 * HOUR_MS
const SCHOOL = 's1'

const tells = (say: (child: Hands['child']) => ReturnType<Hands['child']['listed']>) => ({ tell, child }: Hands) => tell(say(child))
const listed = (local: boolean): Scripted => step((calendar) => calendar.opensAt - 30 * MINUTE_MS, tells((child) => child.listed({ local, graduate: true }, 'jiulongpo')))
const local = listed(true)
const migrant = listed(false)

const files = (phase: string, form: string, values: Values): Scripted => step(into(phase), tells((child) => child.filed(form, phase, values)))
const isCase = (phase: string, outcome: string, values: Values = {}): Scripted => step(into(phase, DECIDED_MS), tells((child) => child.case(phase, outcome, values)))
const chooses = (phase: string): Scripted => step(into(phase, 2 * HOUR_MS), tells((child) => child.chosen(phase, SCHOOL)))
const seat = (basis: string, way?: Seat['way']): Seat => ({ basis, school: SCHOOL, ...(way && { way }) })
const wins = (round: string): Scripted => step(published(round), tells((child) => child.place({ [round]: 'admitted' }, [seat(round)])))
const loses = (round: string): Scripted => step(published(round), tells((child) => child.place({ [round]: 'not-admitted' }, [])))
const confirms = step(into('converted-confirmation'), tells((child) => child.place({ 'converted-confirmation': 'confirmed' }, [seat('converted-draw')])))
/** What only the owner knows at the close of a phase: the seat is released. */
const misses = (phase: string): Scripted => step(after(phase), ({ child }) => child.place({ [phase]: 'missed' }, []))
const comes = (phase: string, round: string): Scripted =>
  step((calendar) => Math.max(into(phase, 3 * HOUR_MS)(calendar), published(round)(calendar) + HOUR_MS), tells((child) => child.place({ [phase]: 'present' }, [], seat(round))))
const reports = (round: string): Scripted => comes('public-check-in', round)

const household = (values: Values = {}): Scripted[] => [
  local,
  files('household-application', 'household', { ...MATCHING, ...values }),
  isCase('police-check', 'answered'), isCase('registry-check', 'answered'), isCase('records-check', 'answered', { 'dwelling.last-family': 'none' }),
]
const reviewed = (values: Values = {}, outcome = 'approved'): Scripted[] => [...household(values), isCase('household-review', outcome)]
const late = (values: Values = {}): Scripted[] => [files('household-late', 'household-late', { ...MATCHING, ...values }), isCase('household-late-review', 'approved')]
const lateAndIn = [...late(), wins('household-late-round'), reports('household-late-round')]
const chosen = [...household({ route: 'converted' }), chooses('converted-choice')]
const drawing = [...chosen, isCase('converted-eligibility', 'approved')]
const contract = [files('contract-application', 'contract', { 'contract.school': SCHOOL }), isCase('contract-review', 'approved', { 'contract.valid': true })]
const special = (wants: string): Scripted[] => [
  migrant, files('special-application', 'special', { 'special.group': 'martyr', 'special.wants': wants, 'special.school': SCHOOL }), isCase('special-review', 'approved'),
]
const applies = files('purchase-application', 'purchase', { 'purchase.share': 60, 'purchase.date': '2019-05-01', 'residence.address': 'r', 'residence.since': '2021-02-01' })
const buying = [
  migrant, applies, chooses('purchase-choice'),
  step(into('purchase-check'), tells((child) => child.case('purchase-check', 'answered'))),
]
const mayBuy = [...buying, isCase('purchase-review', 'approved')]
const scoring = [
  files('points-application', 'points', POINTS), chooses('points-choice'),
  step(into('points-check'), tells((child) => child.case('points-check', 'answered'))), isCase('points-review', 'approved'),
]

const decides = (desk: string, decision: Parameters<Hands['arrange']>[0]['decision']): Scripted =>
  step(into(desk, 30 * HOUR_MS), ({ arrange }) => arrange({ officer: 'officer-1', reason: 'as the papers say', decision }))
const arranges = decides('arrangement', { place: SCHOOL })
const elsewhere = { 'residence.address': 'b' }

const enrolled = (round: string, route: 'catchment' | 'residual' | 'lottery' | 'direct' | 'ranked'): EndState => ({ kind: 'enrolled', route, round, school: SCHOOL })
const arranged = (phase = 'arrangement'): EndState => ({ kind: 'arranged', phase, school: SCHOOL })
const ended = (phase: string, reason: string): EndState => ({ kind: 'ended', phase, reason })

/** Every life the notice of Jiulongpo can lead to, for both stages, with its end. */
const TOLD: readonly [name: string, end: EndState, steps: readonly Scripted[]][] = [
  ['三对口', enrolled('household-round', 'catchment'), [...reviewed(), wins('household-round'), reports('household-round')]],
  ['like 三对口 at its grandparents', enrolled('household-round', 'catchment'), [
    ...reviewed({ 'household.head': 'grandparent', 'property.owner': 'grandparent', 'property.parents-own': false }), wins('household-round'), reports('household-round')]],
  ['not matching', enrolled('household-adjusted', 'residual'), [...reviewed(elsewhere), wins('household-adjusted'), reports('household-adjusted')]],
  ['not matching, no seat nearby', arranged(), [...reviewed(elsewhere), loses('household-adjusted'), arranges]],
  ['matching, the zoned school is full', enrolled('household-adjusted', 'residual'), [
    ...reviewed(), loses('household-round'),
    step((calendar) => published('household-adjusted')(calendar) + MINUTE_MS, tells((child) => child.place({ 'household-adjusted': 'admitted' }, [seat('household-adjusted')]))),
    reports('household-adjusted')]],
  ['in a crowded zone, moved in too late', enrolled('household-adjusted', 'residual'), [
    ...reviewed({ 'household.address@crowded-zones': true, 'household.since': '2022-09-01' }), wins('household-adjusted'), reports('household-adjusted')]],
  ['refused at the review', arranged(), [...reviewed({}, 'refused'), arranges]],
  ['left undecided', arranged(), [...household(), arranges]],
  ['late', enrolled('household-late-round', 'catchment'), [local, ...lateAndIn]],
  ['late and not matching', enrolled('household-late-adjusted', 'residual'), [local, ...late(elsewhere), wins('household-late-adjusted'), reports('household-late-adjusted')]],
  ['never registered', arranged(), [local, arranges]],
  ['wins the draw and confirms', enrolled('converted-draw', 'lottery'), [...drawing, wins('converted-draw'), confirms]],
  ['wins the draw and does not confirm', enrolled('household-late-round', 'catchment'), [...drawing, wins('converted-draw'), misses('converted-confirmation'), ...lateAndIn]],
  ['loses the draw', enrolled('household-late-round', 'catchment'), [...drawing, loses('converted-draw'), ...lateAndIn]],
  ['refused for the draw', enrolled('household-late-round', 'catchment'), [...chosen, step(into('converted-eligibility', 10 * HOUR_MS), tells((child) => child.case('converted-eligibility', 'refused'))), ...lateAndIn]],
  ['names no converted school', enrolled('household-late-round', 'catchment'), [...household({ route: 'converted' }), ...lateAndIn]],
  ['contract owner', enrolled('contract-admission', 'direct'), [...drawing, ...contract, wins('contract-admission'), comes('converted-check-in', 'contract-admission')]],
  ['contract owner beyond the seats', arranged(), [migrant, ...contract, loses('contract-admission'), arranges]],
  ['special, at a converted school', enrolled('special-admission', 'direct'), [...special('converted'), wins('special-admission'), comes('converted-check-in', 'special-admission')]],
  ['special, no seat at the converted school', arranged('special-arrangement'), [...special('converted'), loses('special-admission'), decides('special-arrangement', { place: SCHOOL })]],
  ['special, arranged by the district', arranged('special-arrangement'), [...special('arranged'), decides('special-arrangement', { place: SCHOOL })]],
  ['special, left by its desk', arranged(), [...special('arranged'), arranges]],
  ['disabled, in an ordinary class', { kind: 'inclusive-class', phase: 'disability-arrangement', school: SCHOOL }, [
    ...reviewed({ disability: 'mild' }), decides('disability-arrangement', { place: SCHOOL, way: 'inclusive-class' })]],
  ['disabled, taught at home', { kind: 'home-teaching', phase: 'disability-arrangement', school: SCHOOL }, [
    ...reviewed({ disability: 'care' }), decides('disability-arrangement', { place: SCHOOL, way: 'home-teaching' })]],
  ['disabled, deferred', { kind: 'deferral', phase: 'disability-arrangement', reason: 'until 2024' }, [
    ...reviewed({ disability: 'severe' }), decides('disability-arrangement', { end: 'until 2024', way: 'deferral' })]],
  ['disabled and late, left by its desk', arranged(), [local, ...late({ disability: 'care' }), arranges]],
  ['migrant, by purchase', enrolled('purchase-round', 'ranked'), [...mayBuy, wins('purchase-round'), reports('purchase-round')]],
  ['migrant, by points after purchase', enrolled('points-round', 'ranked'), [...mayBuy, loses('purchase-round'), ...scoring, wins('points-round'), reports('points-round')]],
  ['migrant, refused by purchase', ended('not-eligible-migrant', 'not-eligible'), [...buying, isCase('purchase-review', 'refused')]],
  ['migrant, left undecided by purchase', ended('undecided-for-migrant', 'review-not-decided'), buying],
  ['migrant, named no school', ended('no-choice-by-migrant', 'no-school-chosen'), [migrant, applies]],
  ['migrant, no seat by points', ended('no-seat-for-migrant', 'no-seat-left-for-migrant-child'), [migrant, ...scoring, loses('points-round')]],
  ['migrant, does not report', ended('waived-by-migrant', 'place-waived'), [...mayBuy, wins('purchase-round'), misses('public-check-in')]],
  ['special, by purchase, does not report', arranged(), [...special('arranged'), ...mayBuy.slice(1), wins('purchase-round'), misses('public-check-in'), arranges]],
  ['contract owner with a seat, applies by purchase too', enrolled('contract-admission', 'direct'), [
    migrant, ...contract, wins('contract-admission'), comes('converted-check-in', 'contract-admission'), ...mayBuy.slice(1)]],
  ['migrant, never applied', ended('no-application-by-migrant', 'no-application'), [migrant]],
  ['of the district, does not report', arranged(), [...reviewed(), wins('household-round'), misses('public-check-in'), arranges]],
]

export const JIULONGPO_LIVES: readonly Life[] = TOLD.map(([name, , steps]) => life(name, ...steps))
export const JIULONGPO_ENDS: ReadonlyMap<string, EndState> = new Map(TOLD.map(([name, end]) => [name, end]))
