import type { Policy } from '../language.js'
import { noReads, partsOf, readsOf } from '../timeline.js'
import { conditionsIn, isFactRead } from './liveness.js'
import type { Reporter } from './report.js'

/** Reports facts nobody produces, names nobody uses, and phases that say neither source nor assumption. */
export function checkNames(report: Reporter, policy: Policy): void {
  checkFacts(report)
  checkUse(report, policy)
  for (const phase of policy.phases) {
    if (phase.source === undefined && phase.assumed === undefined) {
      report.add('warning', 'no-source', report.phase(phase.id), `${phase.id} has no sentence of the notice`, 'quote its source, or write assumed: true and our reading')
    }
    if (phase.assumed && phase.reading === undefined && phase.source === undefined) {
      report.add('warning', 'no-reading', report.phase(phase.id), `${phase.id} is assumed and does not say what`, 'write a reading, so that the bureau can change it')
    }
  }
}

function checkFacts(report: Reporter): void {
  const { facts } = report.timeline
  const isProduced = (id: string): boolean => {
    const fact = facts[id]!
    return fact.from !== undefined || fact.askedBy.length + fact.answeredBy.length + fact.foundBy.length > 0
      || (partsOf(facts, id).length > 0 && partsOf(facts, id).every(isProduced))
  }
  for (const id of Object.keys(facts)) {
    if (!isProduced(id)) {
      report.add('error', 'fact-nobody-produces', ['facts', id], `nobody produces ${id}`,
        'let a registration ask it, a check answer it or a review find it, or say from: roster or season')
    } else if (!isFactRead(report.timeline, id)) {
      report.add('note', 'unused', ['facts', id], `no rule, guard or round reads ${id}`, 'leave it out, unless people want to see it')
    }
  }
}

function checkUse(report: Reporter, policy: Policy): void {
  const read = noReads()
  for (const cond of conditionsIn(report.timeline)) readsOf(cond, {}, read)
  const used = new Set(policy.phases.flatMap((phase) => {
    if (phase.kind === 'review') return [...phase.needs, ...phase.judges]
    if (phase.kind === 'round') return [...phase.seats, ...phase.order.flatMap((order) => ('rule' in order ? [order.rule] : []))]
    if (phase.kind === 'arrangement') return phase.seats
    return 'among' in phase ? phase.among : []
  }))
  const tested = new Set(conditionsIn(report.timeline).flatMap(rulesIn))
  for (const rule of Object.keys(policy.rules)) {
    if (!used.has(rule) && !tested.has(rule)) report.add('warning', 'unused', ['rules', rule], `no phase uses rule ${rule}`, 'let a review need or judge it, or leave it out')
  }
  for (const group of Object.keys(policy.groups)) {
    if (!used.has(group)) report.add('note', 'unused', ['groups', group], `no phase gives seats of group ${group}`, 'leave it out')
  }
}

function rulesIn(cond: Parameters<typeof readsOf>[0]): string[] {
  if (cond.op === 'rule') return [cond.rule]
  if (cond.op === 'all' || cond.op === 'any') return cond.of.flatMap(rulesIn)
  return cond.op === 'not' ? rulesIn(cond.of) : []
}
