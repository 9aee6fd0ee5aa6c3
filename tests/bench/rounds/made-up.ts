import type { ClaimOrder, RoundApplicant, RoundFile } from '../../../contracts/rounds.js'
import type { Residual } from '../../../services/allocation/domain/rounds/residual/residual.js'

export const KINDS = ['serial', 'ranked', 'deferred'] as const
/** `serial` by lottery, `ranked` serial by two keys, `deferred` with a list of its own for every school. */
export type Kind = (typeof KINDS)[number]

export interface Shape {
  kind: Kind
  applicants: number
  schools: number
  choices: number
  /** The part of families that are twins, in one unit. */
  twins: number
  seed: number
}

/** Seats for one applicant, so that some stay without. */
const SEATS_EACH = 0.95
const CITY_METRES = 20_000

/** A round of made-up applicants. Some schools are far more wanted than others. */
export function makeRound({ kind, applicants, schools, choices, twins, seed }: Shape): RoundFile {
  const chance = chances(seed)
  const all: RoundApplicant[] = []
  for (let family = 0; all.length < applicants; family += 1) {
    const chosen = new Set<string>()
    while (chosen.size < Math.min(choices, schools)) chosen.add(`s${Math.floor(schools * chance() ** 2)}`)
    const purchasedOn = `20${10 + Math.floor(chance() * 13)}-${twoDigits(1 + chance() * 12)}-${twoDigits(1 + chance() * 28)}`
    const one: RoundApplicant = { id: `a${family}`, choices: [...chosen], keys: { purchasedOn, points: Math.floor(chance() * 100) } }
    const areTwins = chance() < twins
    all.push(areTwins ? { ...one, unit: `u${family}` } : one)
    if (areTwins) all.push({ ...one, id: `b${family}`, unit: `u${family}` })
  }
  return {
    format: 'ruxue.round.v1',
    id: `bench-${kind}`,
    mechanism: kind === 'deferred' ? 'deferred' : 'serial',
    schools: Array.from({ length: schools }, (_, index) => ({ id: `s${index}`, plan: Math.floor((all.length / schools) * SEATS_EACH) })),
    applicants: all,
    orders: kind === 'deferred' ? ownLists(all, chance) : { default: orderOf(kind) },
    seed: '5eed'.repeat(16),
  }
}

function orderOf(kind: 'serial' | 'ranked'): ClaimOrder {
  return kind === 'serial' ? { kind: 'lottery' } : { kind: 'ranked', by: [{ key: 'purchasedOn', direction: 'asc' }, { key: 'points', direction: 'desc' }] }
}

function ownLists(applicants: readonly RoundApplicant[], chance: () => number): Record<string, ClaimOrder> {
  const bySchool = new Map<string, { id: string; at: number }[]>()
  for (const { id, choices } of applicants) {
    for (const school of choices) {
      if (!bySchool.has(school)) bySchool.set(school, [])
      bySchool.get(school)!.push({ id, at: chance() })
    }
  }
  return Object.fromEntries([...bySchool].map(([school, some]) => [school, { kind: 'listed', ids: some.sort((a, b) => a.at - b.at).map(({ id }) => id) }]))
}

/** Children in half of a city whose schools have just enough seats, so that many must go on to the next school. */
export function makeResidual(children: number, schools: number, seed: number): Residual {
  const chance = chances(seed)
  const somewhere = (part = 1) => ({ x: chance() * CITY_METRES * part, y: chance() * CITY_METRES })
  const placed = Array.from({ length: schools }, (_, index) => ({ id: `s${index}`, seats: Math.ceil(((index + 1) * children) / schools) - Math.ceil((index * children) / schools), ...somewhere() }))
  return {
    schools: placed,
    children: Array.from({ length: children }, (_, index) => {
      const home = somewhere(0.5)
      return { id: `c${index}`, metres: Object.fromEntries(placed.map(({ id, x, y }) => [id, Math.round(Math.hypot(x - home.x, y - home.y))])) }
    }),
  }
}

const twoDigits = (number: number): string => String(Math.floor(number)).padStart(2, '0')

/** Numbers in [0, 1) that a seed decides: mulberry32. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
