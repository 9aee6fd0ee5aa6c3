import { defined } from './defined.js'
import type { Path } from './fault.js'
import { toInstant } from './instant.js'
import { outcomesOf, type Effect, type Outcome, type Phase, type RoundOrder, type Terms, type Who } from './language.js'
import { resolveCond, type Resolving } from './resolve-cond.js'
import { checkReferences } from './resolve-references.js'
import type { RawCond, RawPhase } from './schema.js'

type RawEffect = 'nothing' | { bars?: string[]; then?: string; releases?: string[] }

/** Resolves one phase; what is wrong in it is reported. */
export function resolvePhase(raw: RawPhase, path: Path, timezone: string, resolving: Resolving): Phase {
  checkTimes(raw, path, timezone, resolving)
  checkReferences(raw, path, resolving)
  const { id, label, who, window, at, source, reading, assumed, handover } = raw as RawPhase & {
    window?: [string, string]; at?: string; handover?: [string, string]
  }
  return {
    id,
    who: resolveWho(who, [...path, 'who'], resolving),
    ...defined({ label, window, at, source, reading, assumed, handover }),
    effects: effectsOf(raw),
    ...termsOf(raw),
  }
}

function resolveWho(who: RawPhase['who'], path: Path, resolving: Resolving): Who {
  return who === undefined || typeof who === 'string' ? (who as 'everyone' | 'sent' | undefined) ?? 'everyone' : resolveCond(who as RawCond, path, resolving)
}

function effectsOf(raw: RawPhase): Phase['effects'] {
  const written = raw as unknown as Partial<Record<Outcome, RawEffect>>
  const effects: Phase['effects'] = {}
  for (const outcome of outcomesOf(raw.kind)) {
    const effect = written[outcome]
    if (effect !== undefined) effects[outcome] = effect as Effect | 'nothing'
  }
  return effects
}

function termsOf(raw: RawPhase): Terms {
  switch (raw.kind) {
    case 'registration': {
      const { kind, form, desk, signed, once, number, replaces, among = [], choose, offered, twins } = raw
      return {
        kind, form, amend: raw.amend ?? 'until-close', asks: raw.asks ?? [], brings: raw.brings ?? [], among,
        ...defined({ desk, signed, once, number, replaces, choose, offered, twins }),
      }
    }
    case 'choice': {
      const { kind, amend, among, choose, desk, offered, twins } = raw
      return { kind, amend, among, choose, ...defined({ desk, offered, twins }) }
    }
    case 'check':
      return { kind: raw.kind, by: raw.by, answers: raw.answers }
    case 'review':
      return {
        kind: raw.kind, by: raw.by, needs: raw.needs ?? [], judges: raw.judges ?? [], finds: raw.finds ?? [], brings: raw.brings ?? [],
        ...defined({ school: raw.school, address: raw.address, reportedTo: raw['reported-to'] }),
      }
    case 'round': {
      const { kind, method, seats, keeps = [], ties, address, near, twins, approval } = raw
      const order = (raw.order ?? []).flatMap((by): RoundOrder[] => (typeof by === 'string'
        ? [{ rule: by }]
        : Object.entries(by).map(([fact, first]) => ({ fact, first }))))
      return {
        kind, method, seats, order, keeps,
        ...defined({
          ties, severalSchools: raw['several-schools'], address, school: raw.school, near, exceptZoneOf: raw['except-zone-of'], namedBy: raw['named-by'], runBy: raw['run-by'], twins, lastSeat: raw['last-seat'], approval,
        }),
      }
    }
    case 'notice':
      return { kind: raw.kind, paper: raw.paper, of: raw.of ?? [], ...defined({ takesUp: raw['takes-up'] }) }
    case 'result':
      return { kind: raw.kind, of: raw.of, key: raw.key ?? [] }
    case 'publication':
      return { kind: raw.kind, what: raw.what, of: raw.of }
    case 'confirmation':
      return { kind: raw.kind, of: raw.of ?? [], ...defined({ takesUp: raw['takes-up'] }) }
    case 'check-in':
      return { kind: raw.kind, of: raw.of, ...defined({ exchanges: raw.exchanges }) }
    case 'arrangement':
      return { kind: raw.kind, by: raw.by, seats: raw.seats, ways: raw.ways ?? [], ...defined({ records: raw.records }) }
    case 'closing':
      return { kind: raw.kind, ends: raw.ends, ...defined({ says: raw.says }) }
  }
}

function checkTimes(raw: RawPhase, path: Path, timezone: string, { report }: Resolving): void {
  const { window, at, handover } = raw as { window?: [string, string]; at?: string; handover?: [string, string] }
  if (raw.kind === 'publication' && (window === undefined) === (at === undefined)) {
    report(path, 'time', `${raw.id}: a publication has a window or an instant`, 'write either window: [opens, closes] or at:')
  }
  const instant = (when: string, edge: 'opens' | 'closes', where: Path): number | undefined => {
    const ms = toInstant(when, timezone, edge)
    if (ms === undefined) report(where, 'time', `${raw.id}: there is no time ${when}`, 'mend the day or the hour; the end of a day is 24:00')
    return ms
  }
  const span = ([opens, closes]: [string, string], where: Path): [number | undefined, number | undefined] => {
    const from = instant(opens, 'opens', [...where, 0])
    const to = instant(closes, 'closes', [...where, 1])
    if (from !== undefined && to !== undefined && to <= from) {
      report(where, 'time', `${raw.id}: ends ${closes}, not after it opens ${opens}`, 'let it end after it opens')
    }
    return [from, to]
  }
  if (window) span(window, [...path, 'window'])
  const decided = at === undefined ? undefined : instant(at, 'opens', [...path, 'at'])
  const end = handover && span(handover, [...path, 'handover'])[1]
  if (end !== undefined && decided !== undefined && end > decided) {
    report([...path, 'handover'], 'time', `${raw.id}: data still change hands when it is decided at ${at}`, 'let the handover end before the decision')
  }
}
