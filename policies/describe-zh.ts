import type { Cond, FactId, FactTest, FactValue } from './language.js'
import type { Timeline } from './timeline.js'

/** A condition in Chinese, for a family: facts, values and rules as the policy calls them; what has no label keeps its id. */
export function describeZh(cond: Cond, timeline: Timeline): string {
  switch (cond.op) {
    case 'all':
      return cond.of.map((part) => bracketed(part, timeline)).join('，并且')
    case 'any':
      return cond.of.map((part) => bracketed(part, timeline)).join('，或者')
    case 'not':
      return denied(cond.of, timeline)
    case 'same':
      return `${cond.facts.map((fact) => labelOf(fact, timeline)).join('、')}一致`
    case 'fact':
      return `${labelOf(cond.fact, timeline)}${testOf(cond.fact, cond.test, timeline)}`
    case 'rule':
      return `${cond.is.map((verdict) => VERDICTS[verdict]).join('或')}“${timeline.rules[cond.rule]?.says ?? cond.rule}”`
    case 'form':
      return `${cond.is === 'filed' ? '已' : '未'}提交 ${cond.form}`
    case 'outcome':
      return `${cond.phase} 的结果为 ${cond.is.join('或')}`
    case 'seat':
      return cond.is.map((seat) => SEATS[seat]).join('或')
    case 'school':
      return `学校的 ${cond.attribute} ${testOf(cond.attribute, cond.test, timeline)}`
  }
}

/** What people call a value of a fact; undefined where the value speaks for itself. */
export function valueLabel(fact: FactId, value: FactValue, timeline: Timeline): string | undefined {
  if (typeof value === 'boolean') return value ? '是' : '否'
  return timeline.facts[fact]?.labels?.[value]
}

const VERDICTS = { met: '符合', unmet: '不符合', unknown: '尚不能判定是否符合' } as const
const SEATS = { none: '没有学位', held: '已获学位', taken: '学位已落实' } as const

const labelOf = (fact: FactId, { facts }: Timeline): string => facts[fact]?.label ?? fact

const bracketed = (part: Cond, timeline: Timeline): string =>
  (part.op === 'all' || part.op === 'any' ? `（${describeZh(part, timeline)}）` : describeZh(part, timeline))

function denied(cond: Cond, timeline: Timeline): string {
  if (cond.op === 'fact' && ('is' in cond.test || 'in' in cond.test)) return `${labelOf(cond.fact, timeline)}不${testOf(cond.fact, cond.test, timeline)}`
  if (cond.op === 'same') return `${cond.facts.map((fact) => labelOf(fact, timeline)).join('、')}不一致`
  return `并非${bracketed(cond, timeline)}`
}

function testOf(fact: FactId, test: FactTest, timeline: Timeline): string {
  if ('is' in test) return `为${test.is.map((value) => `“${valueLabel(fact, value, timeline) ?? value}”`).join('或')}`
  if ('in' in test) return `在“${timeline.placeLabels?.[test.in] ?? test.in}”范围内`
  const unit = timeline.facts[fact]?.type === 'percent' ? '%' : ''
  const { atLeast, above, by, after } = test as { atLeast?: number; above?: number; by?: string; after?: string }
  return [
    ...(atLeast === undefined ? [] : [`不低于${atLeast}${unit}`]),
    ...(above === undefined ? [] : [`高于${above}${unit}`]),
    ...(by === undefined ? [] : [`不晚于${dayZh(by)}`]),
    ...(after === undefined ? [] : [`晚于${dayZh(after)}`]),
  ].join('且')
}

const dayZh = (day: string): string => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')
