import type { Path } from './fault.js'
import { outcomesOf, type FactTypeName, type PhaseKind } from './language.js'
import { closest } from './names.js'
import { isFact, type Resolving } from './resolve-cond.js'
import type { RawPhase } from './schema.js'

/** Reports every name in a phase's terms and effects that points at nothing, or at the wrong sort of thing. */
export function checkReferences(raw: RawPhase, path: Path, resolving: Resolving): void {
  const refer = referrer(raw.id, path, resolving)
  switch (raw.kind) {
    case 'registration':
      refer.facts('asks', raw.asks)
      refer.groups('among', raw.among)
      refer.phases('replaces', raw.replaces, ['registration'])
      if ((raw.among === undefined) !== (raw.choose === undefined)) {
        refer.fault('among', 'choice', 'among and choose go together', 'write both, or neither')
      }
      break
    case 'choice':
      refer.groups('among', raw.among)
      break
    case 'check':
      refer.facts('answers', raw.answers)
      break
    case 'review':
      refer.rules('needs', raw.needs)
      refer.rules('judges', raw.judges)
      refer.facts('finds', raw.finds)
      refer.facts('school', raw.school, ['school'])
      refer.facts('address', raw.address, ['address'])
      break
    case 'round':
      checkRound(raw, refer)
      break
    case 'notice':
      refer.phases('of', raw.of, ['round'])
      break
    case 'confirmation':
    case 'check-in':
      refer.phases('of', raw.of, ['round'])
      if (raw.kind === 'check-in') refer.paper('exchanges', raw.exchanges)
      break
    case 'result':
      refer.phases('of', raw.of, ['round', 'review'])
      break
    case 'publication':
      refer.groupsOrPhases('of', raw.of)
      break
    case 'arrangement':
      refer.groups('seats', raw.seats)
      break
    case 'closing':
      break
  }
  checkEffects(raw, refer)
}

function checkRound(raw: Extract<RawPhase, { kind: 'round' }>, refer: Referrer): void {
  refer.groups('seats', raw.seats)
  refer.phases('keeps', raw.keeps, ['round'])
  refer.facts('address', raw.address, ['address'])
  refer.facts('near', raw.near, ['address'])
  refer.facts('except-zone-of', raw['except-zone-of'], ['address'])
  refer.facts('school', raw.school, ['school'])
  for (const [index, by] of (raw.order ?? []).entries()) {
    if (typeof by === 'string') refer.rules(`order.${index}`, by)
    else for (const [fact, first] of Object.entries(by)) refer.facts(`order.${index}.${fact}`, fact, first === 'earliest' ? ['date'] : ['number', 'percent'])
  }
  if (raw.method === 'catchment' && raw.address === undefined) {
    refer.fault('method', 'method', 'a catchment round does not say which address decides the zone', 'write address: with a fact of type address')
  }
  if (raw.method !== 'catchment' && (raw.address !== undefined || raw['several-schools'] !== undefined)) {
    refer.fault('method', 'method', `a ${raw.method} round has no zones`, 'leave out address and several-schools, or make it a catchment round')
  }
  if (raw.method !== 'residual' && raw['except-zone-of'] !== undefined) {
    refer.fault('method', 'method', `a ${raw.method} round is not for any school of its groups`, 'leave out except-zone-of, or make it a residual round')
  }
  if (raw.method === 'direct' && raw.school === undefined) {
    refer.fault('method', 'method', 'a direct round does not say at which school', 'write school: with a fact of type school')
  }
  if (raw.method === 'named' && raw['named-by'] === undefined) {
    refer.fault('method', 'method', 'a named round does not say who names the children', 'write named-by:')
  }
  if (raw.method === 'residual' && raw['last-seat'] !== undefined) {
    refer.fault('last-seat', 'method', 'a residual round places each child singly', 'leave out last-seat')
  }
  if (raw.method === 'ranked' && (raw.order ?? []).length === 0) {
    refer.fault('method', 'method', 'a ranked round does not say by what', 'write order: with rules or facts')
  }
}

function checkEffects(raw: RawPhase, refer: Referrer): void {
  const written = raw as unknown as Record<string, { bars?: string[]; then?: string; releases?: string[] } | 'nothing' | undefined>
  for (const outcome of outcomesOf(raw.kind)) {
    const effect = written[outcome]
    if (effect === undefined || effect === 'nothing') continue
    refer.phases(`${outcome}.bars`, effect.bars)
    refer.phases(`${outcome}.then`, effect.then)
    refer.phases(`${outcome}.releases`, effect.releases, ['round'])
  }
}

type Many = string | readonly string[] | undefined
type Referrer = ReturnType<typeof referrer>

function referrer(phase: string, path: Path, resolving: Resolving) {
  const { names, report } = resolving
  const fault = (field: string, code: string, message: string, fix: string) =>
    report([...path, ...field.split('.')], code, `${phase}: ${message}`, fix)
  const each = (field: string, values: Many, one: (value: string, field: string) => void) => {
    if (typeof values === 'string') one(values, field)
    else for (const [index, value] of (values ?? []).entries()) one(value, `${field}.${index}`)
  }
  const unknown = (field: string, sort: string, value: string, candidates: Iterable<string>) => {
    const meant = closest(value, candidates)
    fault(field, 'name', `there is no ${sort} ${value}`, meant ? `did you mean ${meant}?` : `declare the ${sort}, or mend the name`)
  }
  const phases = (field: string, values: Many, kinds?: PhaseKind[]) => each(field, values, (id, at) => {
    const kind = names.phases.get(id)
    if (!names.phases.has(id)) unknown(at, 'phase', id, names.phases.keys())
    else if (kind && kinds && !kinds.includes(kind)) {
      fault(at, 'name', `${id} is a ${kind}, not a ${kinds.join(' or ')}`, `name a ${kinds.join(' or ')}`)
    }
  })
  return {
    fault,
    phases,
    facts: (field: string, values: Many, types?: FactTypeName[]) => each(field, values, (id, at) => {
      const type = names.facts.get(id)?.type
      if (isFact(id, [...path, ...at.split('.')], resolving) && type && types && !types.includes(type)) {
        fault(at, 'type', `${id} is of type ${type}, not ${types.join(' or ')}`, `name a fact of type ${types.join(' or ')}`)
      }
    }),
    rules: (field: string, values: Many) => each(field, values, (id, at) => {
      if (!names.rules.has(id)) unknown(at, 'rule', id, names.rules)
    }),
    groups: (field: string, values: Many) => each(field, values, (id, at) => {
      if (!names.groups.has(id)) unknown(at, 'group', id, names.groups)
    }),
    paper: (field: string, value: string | undefined) => {
      if (value !== undefined && !names.papers.has(value)) unknown(field, 'paper of a notice', value, names.papers)
    },
    groupsOrPhases: (field: string, values: Many) => each(field, values, (id, at) => {
      if (!names.groups.has(id) && !names.phases.has(id)) unknown(at, 'group or phase', id, [...names.groups, ...names.phases.keys()])
    }),
  }
}
