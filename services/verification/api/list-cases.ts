import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { Caller } from '../../../contracts/roles.js'
import { factsOfMany } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import type { Case } from '../domain/case.js'
import { viewOf } from '../domain/view.js'
import { listCases as read } from '../store/cases.js'
import type { Room } from './room.js'

/** `listCases`: see its contract. A school sees what it reviews, a district what lies in it, the bureau all. */
export const listCases = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.listCases, {
    handle: async ({ params: { season }, query, caller }) => {
      await timelines.of(season)
      const { phase, state, limit, cursor } = query
      const after = cursor === undefined ? undefined : afterOf(cursor)
      const rows = await read(database, { season, phase, state, ...scopeOf(caller), after, limit: limit + 1 })
      const cases = rows.slice(0, limit)
      const last = cases.at(-1)
      return {
        cases: await viewsOf({ database, timelines }, season, cases),
        ...(rows.length > limit && last && { next: `${last.phase}~${last.child}` }),
      }
    },
  })

function scopeOf(caller: Caller): { school?: string; district?: string } {
  if (caller.role === 'school') return { school: requireScope(caller.school) }
  return caller.role === 'district' ? { district: requireScope(caller.district) } : {}
}

function requireScope(scope: string | undefined): string {
  if (scope === undefined) throw problem('forbidden', 'The token names no school or district')
  return scope
}

function afterOf(cursor: string): { phase: string; child: string } {
  const [phase, child] = cursor.split('~')
  if (phase && child) return { phase, child }
  throw problem('invalid-input', 'The cursor is none of ours', { faults: [{ at: '/query/cursor', message: 'is not a cursor' }] })
}

async function viewsOf({ database, timelines }: Pick<Room, 'database' | 'timelines'>, season: string, cases: readonly Case[]) {
  const facts = await factsOfMany(database, season, cases.map(({ child }) => child))
  return Promise.all(cases.map(async (theCase) => {
    const { timeline, phase } = await timelines.phase(season, theCase.phase)
    return viewOf(timeline, phase, theCase, facts.get(theCase.child) ?? [])
  }))
}
