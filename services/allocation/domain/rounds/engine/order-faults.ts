import { DEFAULT_ORDER } from '../../../../../contracts/rounds.js'
import type { Draft, DraftApplicant, DraftOrder } from './draft.js'
import { keyComparison } from './ranking.js'
import { reportRepeated, type Report } from './report.js'

/** The applicants whom an order must rank, by their index, and a school for which. */
interface Ranked {
  order: DraftOrder
  applicants: { index: number; applicant: DraftApplicant; school: string }[]
}

/** Reports orders that do not rank everyone they must, and a seed that is missing. */
export function checkOrders(draft: Draft, report: Report): void {
  const known = new Set(draft.schools.map(({ id }) => id))
  for (const name of Object.keys(draft.orders)) {
    if (name === DEFAULT_ORDER) continue
    if (!known.has(name)) report(['orders', name], `There is no school ${name}`)
    else if (draft.mechanism === 'serial') report(['orders', name], `A serial round has one order for all schools, ${DEFAULT_ORDER}`)
  }
  const listable = new Set(draft.applicants.map(({ id }) => id))
  const drawn: string[] = []
  for (const [name, ranked] of rankedByOrder(draft, report)) {
    const { order } = ranked
    if (order.kind === 'lottery') drawn.push(`${name} is a lottery`)
    if (order.kind === 'listed') checkListed(name, ranked, listable, report)
    if (order.kind === 'ranked') {
      checkKeys(name, ranked, report)
      const alike = draft.seed === undefined && firstAlike(ranked)
      if (alike) drawn.push(`${alike.join(' and ')} are alike in every key of ${name}`)
    }
  }
  if (draft.seed === undefined && drawn.length > 0) report(['seed'], `Is missing, and tickets decide: ${drawn[0]}`)
}

function rankedByOrder({ schools, applicants, orders }: Draft, report: Report): Map<string, Ranked> {
  const byOrder = new Map(Object.entries(orders).map(([name, order]): [string, Ranked] => [name, { order, applicants: [] }]))
  const known = new Set(schools.map(({ id }) => id))
  const without = new Set<string>()
  for (const [index, applicant] of applicants.entries()) {
    for (const school of applicant.choices) {
      if (school === undefined || !known.has(school)) continue
      const ranked = byOrder.get(school) ?? byOrder.get(DEFAULT_ORDER)
      if (!ranked) without.add(school)
      else if (ranked.applicants.at(-1)?.index !== index) ranked.applicants.push({ index, applicant, school })
    }
  }
  if (without.size > 0) report(['orders', DEFAULT_ORDER], `Is missing, and ${[...without].join(', ')} have no order of their own`)
  return byOrder
}

function checkListed(name: string, { order, applicants }: Ranked, known: ReadonlySet<string | undefined>, report: Report): void {
  const ids = order.ids ?? []
  const listed = reportRepeated(report, ids, (at) => ['orders', name, 'ids', at])
  for (const [at, id] of ids.entries()) if (id !== undefined && !known.has(id)) report(['orders', name, 'ids', at], `There is no applicant ${id}`)
  for (const { applicant: { id }, school } of applicants) {
    if (id !== undefined && !listed.has(id)) report(['orders', name, 'ids'], `Leaves out ${id}, who chose ${school}`)
  }
}

/** Whoever is ranked has every key, and a key is a number for all or a text for all. */
function checkKeys(name: string, { order, applicants }: Ranked, report: Report): void {
  for (const { key } of order.by ?? []) {
    if (key === undefined) continue
    const kind = typeof applicants.map(({ applicant }) => valueOf(applicant, key)).find((value) => value !== undefined)
    for (const { index, applicant, school } of applicants) {
      const value = valueOf(applicant, key)
      if (value === undefined) report(['applicants', index, 'keys', key], `Is missing, and ${name} ranks by it who chose ${school}`)
      else if (typeof value !== kind) report(['applicants', index, 'keys', key], `Is a ${typeof value}, for others it is a ${kind}`)
    }
  }
}

/** Two ranked units whose weakest members have equal keys, if there are any. */
function firstAlike({ order, applicants }: Ranked): [string, string] | undefined {
  const by = (order.by ?? []).map(({ key = '', direction }) => ({ key, direction: direction === 'desc' ? 'desc' as const : 'asc' as const }))
  const compare = keyComparison(by)
  const weakest = new Map<string, DraftApplicant>()
  for (const { applicant } of applicants) {
    if (by.some(({ key }) => valueOf(applicant, key) === undefined)) continue
    const unit = applicant.unit ?? applicant.id ?? ''
    const weaker = weakest.get(unit)
    if (!weaker || compare(weaker, applicant) < 0) weakest.set(unit, applicant)
  }
  const units = new Map<string, string>()
  for (const [unit, applicant] of weakest) {
    const values = JSON.stringify(by.map(({ key }) => valueOf(applicant, key)))
    const other = units.get(values)
    if (other !== undefined) return [other, unit]
    units.set(values, unit)
  }
  return undefined
}

/** Its own key, not one that every object has. */
const valueOf = ({ keys }: DraftApplicant, key: string) => (keys && Object.hasOwn(keys, key) ? keys[key] : undefined)
