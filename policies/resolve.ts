import type { Path } from './fault.js'
import { isTimezone } from './instant.js'
import type { Policy, Rule } from './language.js'
import { namesOf } from './names.js'
import { resolveCond, type Report, type Resolving } from './resolve-cond.js'
import { resolveFacts } from './resolve-facts.js'
import { resolvePhase } from './resolve-phase.js'
import type { RawPolicy } from './schema.js'
import type { SoundPart } from './schema-faults.js'
import { noReads, readsOfRule } from './timeline.js'

/**
 * Resolves the names of a policy whose parts are well formed, reporting what points at nothing.
 * @param raw the whole document, faulty parts too, from which the declared names are read
 */
export function resolvePolicy({ raw: sound, phaseIndexes }: SoundPart, raw: unknown, report: Report): Policy {
  const resolving: Resolving = { names: namesOf(raw), report }
  const timezone = isTimezone(sound.timezone) ? sound.timezone : 'UTC'
  if (timezone !== sound.timezone) report(['timezone'], 'time', `there is no timezone ${sound.timezone}`, 'write one of the IANA database, such as Asia/Shanghai')
  checkNames(raw, resolving)
  const policy: Policy = {
    policy: sound.policy,
    version: sound.version,
    timezone,
    ...(sound.seed === undefined ? {} : { seed: sound.seed }),
    children: sound.children === 'everyone' ? 'everyone' : resolveCond(sound.children, ['children'], resolving),
    groups: resolveGroups(sound.groups, resolving),
    places: sound.places ?? {},
    facts: resolveFacts(sound.facts, resolving),
    rules: resolveRules(sound.rules, resolving),
    phases: sound.phases.map((phase, index) => resolvePhase(phase, ['phases', phaseIndexes[index]!], timezone, resolving)),
  }
  checkRuleCycles(policy, report)
  return policy
}

/**
 * A condition tells what a name is by the name alone, so facts, rules, forms and phases share one space. A form
 * may bear its phase's name if no other phase files it: both then mean the same.
 */
function checkNames(raw: unknown, { names, report }: Resolving): void {
  const phases = (raw as { phases?: unknown[] }).phases
  const taken = new Map<string, string>(['all', 'any', 'not', 'same', 'seat'].map((word) => [word, 'word of the language']))
  const claim = (name: string, sort: string, path: Path) => {
    const other = taken.get(name)
    if (other === sort) report(path, 'name', `there are two ${sort}s ${name}`, `give each ${sort} its own id`)
    else if (other) report(path, 'name', `${name} names a ${sort} and a ${other}`, 'a condition could not tell them apart; rename one')
    taken.set(name, sort)
  }
  for (const fact of names.facts.keys()) claim(fact, 'fact', ['facts', fact])
  for (const rule of names.rules) claim(rule, 'rule', ['rules', rule])
  const loose = (Array.isArray(phases) ? phases : []).map((phase) => (phase ?? {}) as { id?: string; form?: string })
  for (const [index, { id }] of loose.entries()) if (typeof id === 'string') claim(id, 'phase', ['phases', index, 'id'])
  for (const form of names.forms) {
    const filing = loose.filter((phase) => phase.form === form)
    const isNamedLikeItsPhase = filing.length === 1 && filing[0]!.id === form
    if (!isNamedLikeItsPhase) claim(form, 'form', ['phases', loose.findIndex((phase) => phase.form === form), 'form'])
  }
}

function resolveGroups(groups: RawPolicy['groups'], resolving: Resolving): Policy['groups'] {
  return Object.fromEntries(Object.entries(groups).map(([id, cond]) => {
    const stray = Object.keys(cond).find((key) => !key.startsWith('school.') && !['all', 'any', 'not'].includes(key))
    if (stray) resolving.report(['groups', id, stray], 'name', `group ${id} reads ${stray}`, 'a group is of schools: test school.* only')
    return [id, resolveCond(stray ? { [`school.${stray}`]: '' } : cond, ['groups', id], resolving)]
  }))
}

function resolveRules(rules: RawPolicy['rules'], resolving: Resolving): Record<string, Rule> {
  return Object.fromEntries(Object.entries(rules).map(([id, { needs, ...said }]) =>
    [id, { ...said, needs: resolveCond(needs, ['rules', id, 'needs'], resolving) }]))
}

function checkRuleCycles(policy: Policy, report: Report): void {
  for (const id of Object.keys(policy.rules)) {
    const reads = noReads()
    for (const inner of rulesTestedBy(policy.rules[id]!.needs)) readsOfRule(inner, policy.rules, reads)
    if (reads.rules.has(id)) report(['rules', id], 'rule', `rule ${id} rests on itself`, 'let a rule read facts, or rules that do not read it')
  }
}

function rulesTestedBy(cond: Rule['needs']): string[] {
  if (cond.op === 'rule') return [cond.rule]
  if (cond.op === 'all' || cond.op === 'any') return cond.of.flatMap(rulesTestedBy)
  return cond.op === 'not' ? rulesTestedBy(cond.of) : []
}
