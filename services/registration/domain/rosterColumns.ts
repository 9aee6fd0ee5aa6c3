import type { Timeline } from '../../../policies/timeline.js'

/** Columns every roster may have; `phone`, `email` and the household's parts may be missing. */
export const COLUMNS = [
  'name', 'id-number', 'guardian-name', 'guardian-id-number', 'phone', 'email', 'district',
  'household-street', 'household-number', 'household-room',
] as const
export type Column = (typeof COLUMNS)[number]

const REQUIRED: readonly Column[] = ['name', 'id-number', 'guardian-name', 'guardian-id-number', 'district']

/** Headers as rosters write them, beside the column's own name. */
const HEADERS: Record<string, Column> = {
  姓名: 'name', 学生姓名: 'name', 儿童姓名: 'name',
  身份证号: 'id-number', 身份证号码: 'id-number', 公民身份号码: 'id-number', 学生身份证号: 'id-number',
  监护人姓名: 'guardian-name', 监护人: 'guardian-name', 家长姓名: 'guardian-name',
  监护人身份证号: 'guardian-id-number', 监护人身份证号码: 'guardian-id-number', 家长身份证号: 'guardian-id-number',
  手机: 'phone', 手机号: 'phone', 手机号码: 'phone', 联系电话: 'phone', 电话: 'phone',
  邮箱: 'email', 电子邮箱: 'email',
  区: 'district', 区县: 'district', 城区: 'district', 户籍区: 'district',
  户籍街道: 'household-street', 户籍街路: 'household-street', 街道: 'household-street', 'household street': 'household-street',
  户籍门牌号: 'household-number', 门牌号: 'household-number',
  户籍房号: 'household-room', 房号: 'household-room', 室: 'household-room',
}

/** Headers of facts that policies commonly take from the roster. */
const FACT_HEADERS: Record<string, string> = { 学段: 'stage', 报读学段: 'stage', 毕业小学类型: 'primary.school', 小学类型: 'primary.school', 就读学校: 'own.school' }

/** What each position of a row holds; undefined where the header is not one of ours. */
export interface Layout {
  columns: Partial<Record<Column, number>>
  facts: Record<string, number>
}

/**
 * Reads a roster's header. Names compare without case, spaces, hyphens, underscores and width.
 * @returns the layout, or the columns that are missing, double or not known
 */
export function readHeader(header: readonly string[], timeline: Timeline): Layout | { faults: { at: string; message: string }[] } {
  const layout: Layout = { columns: {}, facts: {} }
  const faults: { at: string; message: string }[] = []
  const known = namesOf(timeline)
  header.forEach((text, at) => {
    if (text.trim() === '') return
    const place = `row 1, column ${at + 1}`
    const meant = known.get(fold(text))
    if (!meant) return faults.push({ at: place, message: 'this column is not known' })
    const into: Record<string, number> = meant.kind === 'column' ? layout.columns : layout.facts
    if (into[meant.id] !== undefined) return faults.push({ at: place, message: `a second column for ${meant.id}` })
    return (into[meant.id] = at)
  })
  for (const column of REQUIRED) {
    if (layout.columns[column] === undefined) faults.push({ at: 'row 1', message: `the column ${column} is missing` })
  }
  return faults.length > 0 ? { faults } : layout
}

type Meant = { kind: 'column'; id: Column } | { kind: 'fact'; id: string }

function namesOf(timeline: Timeline): Map<string, Meant> {
  const names = new Map<string, Meant>()
  for (const column of COLUMNS) names.set(fold(column), { kind: 'column', id: column })
  for (const [text, column] of Object.entries(HEADERS)) names.set(fold(text), { kind: 'column', id: column })
  const facts = rosterFacts(timeline)
  for (const fact of facts) names.set(fold(fact), { kind: 'fact', id: fact })
  for (const fact of facts) {
    const { label } = timeline.facts[fact]!
    if (label) names.set(fold(label), { kind: 'fact', id: fact })
  }
  for (const [text, fact] of Object.entries(FACT_HEADERS)) {
    if (facts.includes(fact)) names.set(fold(text), { kind: 'fact', id: fact })
  }
  return names
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[\s_\-*()]/g, '')

/** The facts the policy takes from the roster, apart from addresses, which have their own columns. */
export const rosterFacts = (timeline: Timeline): string[] =>
  Object.entries(timeline.facts).filter(([, fact]) => fact.from === 'roster' && fact.type !== 'address').map(([id]) => id)
