import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact, FactValue } from '../../../contracts/facts.js'
import { MATCHING, told } from '../../../policies/jiulongpo.fixture.js'
import type { KnowableFact } from '../../../policies/knowledge.js'
import { loadPolicy } from '../../../policies/load.js'
import { phasesOfKind, type Timeline } from '../../../policies/timeline.js'
import type { Told } from '../sources/event-log.js'
import { listFaults } from './lists.js'
import type { UnitRow } from './rounds.js'

let jiulongpo: Timeline
let changchun: Timeline
beforeAll(async () => {
  jiulongpo = (await loadPolicy('jiulongpo-2023-primary')).timeline
  changchun = (await loadPolicy('changchun-2022')).timeline
})

type Scene = Record<string, [fact: ChildFact, before: number][]>
const SCHOOLS = new Map<string, Record<string, FactValue>>([
  ...['s-old', 's-new', 's1', 's2'].map((id): [string, Record<string, FactValue>] => [id, { type: 'public', crowded: false }]),
  ...['p1', 'p2', 'p3'].map((id): [string, Record<string, FactValue>] => [id, { type: 'private' }]),
])
const ZONES = new Map([['old', { schools: ['s-old'], location: { x: 0, y: 0 } }], ['new', { schools: ['s-new'], location: { x: 9, y: 9 } }]])
const DAY_MS = 86_400_000

/** A fact about a child, long before the freeze unless said (ms). */
const about = (child: string, fact: KnowableFact, more: Partial<ChildFact> = {}, before = DAY_MS): [ChildFact, number] => [{ season: 's', child, ...fact, ...more }, before]
const filed = (child: string, phase: string, form: string, zone: string, more: Partial<ChildFact> = {}, facts = MATCHING): [ChildFact, number] =>
  about(child, told.filed(phase, form, facts), { revision: 2, zones: { 'household.address': zone, 'property.address': zone, 'residence.address': zone }, ...more })
const local = (child: string) => about(child, told.roster({ local: true }))
const reviewed = (child: string, outcome = 'approved', before = DAY_MS) => about(child, told.case('household-late-review', outcome), {}, before)
const late = (child: string, more: Partial<ChildFact> = {}) => [local(child), filed(child, 'household-late', 'household-late', 'new', more), reviewed(child)]
/** Lost the draw, and has moved since. */
const moved = (child: string) => [local(child), filed(child, 'household-application', 'household', 'old', {}, { ...MATCHING, route: 'converted' }), ...late(child).slice(1)]
const buys = (child: string, schools: string[], review = 'approved') => [
  about(child, told.roster({ local: false })),
  about(child, told.filed('purchase-application', 'purchase', { 'purchase.share': 60, 'purchase.date': '2019-05-01', 'residence.address': 'r', 'residence.since': '2021-02-01' })),
  about(child, told.chosen('purchase-choice'), { schools }), about(child, told.case('purchase-review', review)),
]

const alone = (child: string, schools: string[], keys: UnitRow['keys'] = null): UnitRow => ({ unit: child, members: [child], schools, keys })

function faults(round: string, scene: Scene, units: UnitRow[], timeline = jiulongpo): string[] {
  const phase = phasesOfKind(timeline, 'round').find(({ id }) => id === round)!
  const at = phase.opensAt + 60_000
  const toldOf = new Map(Object.entries(scene).map(([child, facts]) => [child, facts.map(([fact, before]): Told => ({ at: at - before, fact }))]))
  const closedAt = new Map(timeline.phases.flatMap(({ id, closesAt, kind }) => (closesAt <= phase.opensAt && kind !== 'round' ? [[id, closesAt] as const] : [])))
  return listFaults(timeline, phase, units, { told: toldOf, closedAt, schools: SCHOOLS, zones: ZONES }, at).map(({ child, what }) => `${child} ${what}`)
}

describe('the audit of a frozen list', () => {
  it('finds nothing wrong with those whom the policy asks, at the schools of their zones', () => {
    expect(faults('household-late-round', { a: late('a'), b: moved('b'), c: [local('c')] }, [alone('a', ['s-new']), alone('b', ['s-new'])])).toEqual([])
  })

  it('finds a child that is missing, and one that is there without right', () => {
    const scene = { a: late('a'), b: [...late('b').slice(0, 2), reviewed('b', 'refused')] }
    expect(faults('household-late-round', scene, [alone('b', ['s-new'])])).toEqual([
      expect.stringMatching(/^a is not on its list/), expect.stringMatching(/^b is on its list/),
    ])
    expect(faults('household-late-round', {}, [alone('nobody', [])])).toEqual([expect.stringMatching(/^nobody is on its list/)])
  })

  it('goes by what was told before the freeze', () => {
    const scene = { a: [...late('a').slice(0, 2), reviewed('a', 'approved', -1)] }
    expect(faults('household-late-round', scene, [alone('a', ['s-new'])])).toEqual([expect.stringMatching(/^a is on its list/)])
  })

  it('finds the school and the place of an older form', () => {
    expect(faults('household-late-round', { b: moved('b') }, [alone('b', ['s-old'])])).toEqual(['b is listed for [s-old], its choice or address gives [s-new]'])
    expect(faults('household-late-adjusted', { b: moved('b') }, [alone('b', [], { b: { x: 9, y: 9, 'except.s-new': 1 } })])).toEqual([])
    expect(faults('household-late-adjusted', { b: moved('b') }, [alone('b', [], { b: { x: 0, y: 0, 'except.s-new': 1 } })])).toEqual([expect.stringMatching(/^b is listed with another home/)])
    expect(faults('household-late-adjusted', { b: moved('b') }, [alone('b', [], { b: { x: 9, y: 9 } })])).toEqual([expect.stringMatching(/^b is listed with another home/)])
  })

  it('finds schools that were not chosen, or in another order', () => {
    const scene = { a: buys('a', ['s1', 's2']) }
    expect(faults('purchase-round', scene, [alone('a', ['s1', 's2'])])).toEqual([])
    expect(faults('purchase-round', scene, [alone('a', ['s2', 's1'])])).toEqual(['a is listed for [s2, s1], its choice or address gives [s1, s2]'])
    expect(faults('purchase-round', { a: buys('a', ['s1', 'elsewhere']) }, [alone('a', ['s1'])])).toEqual([])
  })

  it('takes a child that left for one that may be listed only while word of it may have been on its way', () => {
    const leaves = (before: number) => ({ a: [...late('a'), about('a', { aggregate: 'withdrawal', id: 'withdrawal', revision: 1 }, {}, before)] })
    expect(faults('household-late-round', leaves(1_000), [alone('a', ['s-new'])])).toEqual([])
    expect(faults('household-late-round', leaves(1_000), [])).toEqual([])
    expect(faults('household-late-round', leaves(60_000), [alone('a', ['s-new'])])).toEqual([expect.stringMatching(/^a is on its list/)])
    expect(faults('household-late-round', leaves(-1_000), [])).toEqual([expect.stringMatching(/^a is not on its list/)])
  })

  const twin = (child: string, schools: string[], unit = { id: 'u', members: ['a', 'b'] }) => [
    about(child, told.roster({ stage: 'primary' })), about(child, told.filed('register', 'information'), { unit }),
    about(child, told.case('review', 'approved')), about(child, told.chosen('private-choice'), { schools }),
  ]
  const asOne = (schools: string[]): UnitRow => ({ unit: 'u', members: ['a', 'b'], schools, keys: null })
  const drawn = (a: string[], b: string[], units: UnitRow[]) => faults('private-admission', { a: twin('a', a), b: twin('b', b) }, units, changchun)

  it('expects twins as one, at the schools that may take both', () => {
    expect(drawn(['p1', 'p2', 'p3'], ['p2', 'p1'], [asOne(['p1', 'p2'])])).toEqual([])
    expect(drawn(['p1', 'p2', 'p3'], ['p2', 'p1'], [asOne(['p1', 'p2', 'p3'])])).toEqual([expect.stringMatching(/^a is listed for/)])
    expect(drawn(['p1'], ['p1'], [alone('a', ['p1']), alone('b', ['p1'])])).toEqual([expect.stringMatching(/^a is listed alone/), expect.stringMatching(/^b is listed alone/)])
  })

  it('expects twins apart where they want different schools, or the round or a form does not say that they are one', () => {
    expect(drawn(['p1'], ['p2'], [alone('a', ['p1']), alone('b', ['p2'])])).toEqual([])
    const strangers = { a: twin('a', ['p1']), b: twin('b', ['p1'], { id: 'other', members: ['b', 'c'] }) }
    expect(faults('private-admission', strangers, [alone('a', ['p1']), alone('b', ['p1'])], changchun)).toEqual([])
    expect(faults('private-admission', strangers, [asOne(['p1'])], changchun)).toEqual([expect.stringMatching(/^b is listed as one/)])
    const bought = { a: buys('a', ['s1']), b: buys('b', ['s1']) }
    expect(faults('purchase-round', bought, [asOne(['s1'])])).toEqual([expect.stringMatching(/^a is listed as one/), expect.stringMatching(/^b is listed as one/)])
  })
})
