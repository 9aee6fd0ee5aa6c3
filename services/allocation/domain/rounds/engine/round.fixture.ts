import fc from 'fast-check'
import type { ClaimOrder, Mechanism, RoundApplicant, RoundClass, RoundFile, UnitOverflow } from '../../../../../contracts/rounds.js'
import { MECHANISMS, UNIT_OVERFLOWS } from '../../../../../contracts/rounds.js'

export const SEED = 'c0ffee'

/** A round of singles who choose schools, for examples; anything else as given. */
export function roundOf(seats: Record<string, number>, choices: Record<string, string[]>, rest: Partial<RoundFile> = {}): RoundFile {
  return {
    format: 'ruxue.round.v1',
    id: 'example',
    mechanism: 'serial',
    schools: Object.entries(seats).map(([id, plan]) => ({ id, plan })),
    applicants: Object.entries(choices).map(([id, chosen]) => ({ id, choices: chosen })),
    orders: { default: { kind: 'listed', ids: Object.keys(choices) } },
    ...rest,
  }
}

export interface Limits {
  mechanisms?: readonly Mechanism[]
  overflows?: readonly UnitOverflow[]
  /** Families at most. */
  families?: number
  classes?: boolean
  units?: boolean
}

const SCHOOLS = ['s1', 's2', 's3']
const CLASSES = ['contract', 'special', 'rest']

/** Any round that has no faults, small enough for brute force and full of ties, twins and contested seats. */
export function rounds({ mechanisms = MECHANISMS, overflows = UNIT_OVERFLOWS, families = 6, classes = true, units = true }: Limits = {}): fc.Arbitrary<RoundFile> {
  const schools = fc.tuple(...SCHOOLS.map((id) => schoolOf(id, classes)))
  const applicants = fc.array(family(classes, units), { maxLength: families }).map((sizes) => sizes.flatMap(membersOf))
  const header = fc.record({ mechanism: fc.constantFrom(...mechanisms), unitOverflow: fc.constantFrom(...overflows), seed: fc.nat(1_000).map((n) => n.toString(16).padStart(4, '0')) })
  return fc.tuple(header, schools, applicants).chain(([{ mechanism, unitOverflow, seed }, some, all]) =>
    ordersFor(mechanism, all.map(({ id }) => id)).map((orders): RoundFile => ({ format: 'ruxue.round.v1', id: 'any', mechanism, schools: some, applicants: all, orders, unitOverflow, seed })))
}

function schoolOf(id: string, withClasses: boolean) {
  const plain = fc.nat(4).map((plan) => ({ id, plan }))
  if (!withClasses) return plain
  const own = fc.option(fc.nat(2), { nil: undefined })
  const classes = fc.tuple(fc.shuffledSubarray(CLASSES), fc.tuple(own, own, own)).map(([ids, seats]) => ids.map((one, at): RoundClass => ({ id: one, ...(seats[at] !== undefined && { seats: seats[at] }) })))
  const withOwn = fc.tuple(fc.nat(3), classes).map(([spare, list]) => ({ id, plan: spare + list.reduce((sum, { seats = 0 }) => sum + seats, 0), classes: list }))
  return fc.oneof(plain, withOwn)
}

interface Family {
  size: number
  choices: string[]
  class: string | undefined
  keys: { since: string; points: number }[]
}

function family(withClasses: boolean, withUnits: boolean): fc.Arbitrary<Family> {
  const keys = fc.record({ since: fc.constantFrom('2019-03-01', '2020-09-30', '2021-01-01'), points: fc.nat(2) })
  return fc.record({
    size: withUnits ? fc.constantFrom(1, 1, 1, 2, 2, 3) : fc.constant(1),
    choices: fc.shuffledSubarray(SCHOOLS, { minLength: 0 }),
    class: withClasses ? fc.option(fc.constantFrom(...CLASSES), { nil: undefined }) : fc.constant(undefined),
    keys: fc.array(keys, { minLength: 3, maxLength: 3 }),
  })
}

function membersOf({ size, choices, keys, ...rest }: Family, index: number): RoundApplicant[] {
  return Array.from({ length: size }, (_, member) => ({
    id: `a${index}${'xyz'[member]}`, choices, keys: keys[member]!, ...(rest.class !== undefined && { class: rest.class }), ...(size > 1 && { unit: `u${index}` }),
  }))
}

function ordersFor(mechanism: Mechanism, ids: string[]): fc.Arbitrary<Record<string, ClaimOrder>> {
  const ranked = fc.shuffledSubarray([{ key: 'since', direction: 'asc' as const }, { key: 'points', direction: 'desc' as const }], { minLength: 1 }).map((by): ClaimOrder => ({ kind: 'ranked', by }))
  const listed = fc.shuffledSubarray(ids, { minLength: ids.length }).map((list): ClaimOrder => ({ kind: 'listed', ids: list }))
  const order = fc.oneof(fc.constant<ClaimOrder>({ kind: 'lottery' }), ranked, listed)
  if (mechanism === 'serial') return fc.record({ default: order })
  return fc.record({ default: order, s1: order, s2: order, s3: order }, { requiredKeys: ['default'] })
}

/** A round, and the same in another order of its file. */
export const shuffled = (round: RoundFile): fc.Arbitrary<RoundFile> =>
  fc
    .tuple(fc.shuffledSubarray(round.applicants, { minLength: round.applicants.length }), fc.shuffledSubarray(round.schools, { minLength: round.schools.length }))
    .map(([applicants, schools]) => ({ ...round, applicants, schools }))
