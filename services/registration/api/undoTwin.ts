import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction, type Sql } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow, readWindow } from '../../../platform/windows/index.js'
import { lockChildren } from '../store/children.js'
import { lockRegistrationFacts } from '../store/forms.js'
import { dissolveDeclarations } from '../store/twins.js'
import type { Deps } from './deps.js'
import { aboutChild, openSeason, registrationPhase } from './guards.js'
import { familyOf, reconcileUnits } from './units.js'
import { iso } from './views.js'

/** `DELETE /seasons/:season/children/:child/twin?phase=` */
export const undoTwin = (deps: Deps): Mounted =>
  implement(registrationEndpoints.undoTwin, {
    about: aboutChild(deps),
    handle: ({ params: { season, child }, query, receivedAt, signal, remainingMs }) =>
      inTransaction(
        deps.database.prisma,
        async (tx) => {
          const phase = registrationPhase(await openSeason(tx, season), query.phase)
          await lockOpenWindow(tx, season, phase.id, receivedAt)
          const family = await familyOf(tx, season, child)
          await lockChildren(tx, season, family)
          await refuseFrozen(tx, season, phase.form, child)
          const undone = await dissolveDeclarations(tx, season, [child], 'undone')
          if (undone === 0) throw problem('not-found', 'This child has declared no twin')
          await reconcileUnits(tx, deps.ids, { season, form: phase.form, children: family, at: receivedAt })
          return { receivedAt: iso(receivedAt) }
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })

/** The unit of a form ended with the window through which the form was filed. */
async function refuseFrozen(tx: Sql, season: string, form: string, child: string): Promise<void> {
  const [fact] = await lockRegistrationFacts(tx, season, form, [child])
  if (!fact?.frozen) return
  const [filedThrough = ''] = Object.keys(fact.outcomes ?? {})
  const { closesAt } = await readWindow(tx, season, filedThrough)
  throw problem('window-closed', `The registration was frozen when ${filedThrough} closed`, { closesAt })
}
