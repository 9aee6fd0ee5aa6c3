import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { withdrawalFact } from '../domain/snapshots.js'
import { state } from '../events/publish.js'
import { lockChildren } from '../store/children.js'
import { declarationsAbout, dissolveDeclarations } from '../store/twins.js'
import { readWithdrawal, writeWithdrawal } from '../store/withdrawals.js'
import type { Deps } from './deps.js'
import { aboutChild, openSeason, registrationPhase } from './guards.js'
import { familyOf, reconcileUnits } from './units.js'
import { iso } from './views.js'

/**
 * `POST /seasons/:season/children/:child/withdrawal`. A unit that is not frozen yet ends here; a frozen one ends in
 * the round, which sees that a member has left: a frozen registration never changes.
 */
export const withdraw = (deps: Deps): Mounted =>
  implement(registrationEndpoints.withdraw, {
    about: aboutChild(deps),
    handle: ({ params: { season, child }, body: { reason }, caller, receivedAt, signal, remainingMs }) =>
      inTransaction(
        deps.database.prisma,
        async (tx) => {
          const timeline = await openSeason(tx, season)
          const family = await familyOf(tx, season, child)
          await lockChildren(tx, season, family)
          const earlier = await readWithdrawal(tx, season, child)
          if (earlier?.reason === reason) return { receivedAt: iso(earlier.receivedAt) }
          if (earlier) throw problem('withdrawn', `The child has left already: ${earlier.reason}`)
          await writeWithdrawal(tx, season, child, { reason, receivedAt, by: caller.subject })
          await state(tx, [{ event: 'child-withdrawn', fact: withdrawalFact(season, child, reason) }], receivedAt)
          const declarations = await declarationsAbout(tx, season, [child])
          await dissolveDeclarations(tx, season, declarations.map((declaration) => declaration.child), 'withdrawn')
          const forms = new Set(declarations.map((declaration) => registrationPhase(timeline, declaration.phase).form))
          for (const form of forms) await reconcileUnits(tx, deps.ids, { season, form, children: family, at: receivedAt })
          return { receivedAt: iso(receivedAt) }
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })
