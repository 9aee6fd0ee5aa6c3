import { registrationEndpoints } from '../../../contracts/http/registration.js'
import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction, type Sql } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow } from '../../../platform/windows/index.js'
import { twinFault, twinOf } from '../domain/twins.js'
import { lockChildren, type ChildRow } from '../store/children.js'
import { lockRegistrationFacts } from '../store/forms.js'
import { declarationsAbout, writeDeclaration } from '../store/twins.js'
import type { Deps } from './deps.js'
import { aboutChild, openSeason, refuseWithdrawn, registrationPhase } from './guards.js'
import { familyOf, reconcileUnits } from './units.js'
import { iso } from './views.js'

/** `PUT /seasons/:season/children/:child/twin` */
export const declareTwin = (deps: Deps): Mounted =>
  implement(registrationEndpoints.declareTwin, {
    about: aboutChild(deps),
    handle: ({ params: { season, child }, body: { sibling, phase: phaseId }, caller, receivedAt, signal, remainingMs }) =>
      inTransaction(
        deps.database.prisma,
        async (tx) => {
          const phase = registrationPhase(await openSeason(tx, season), phaseId)
          await lockOpenWindow(tx, season, phase.id, receivedAt)
          const declared = { season, child, sibling, phase: phase.id, by: caller.subject, receivedAt }
          const family = await lockPair(tx, declared)
          await refuseImpossible(tx, phase, declared, family)
          await writeDeclaration(tx, declared)
          await reconcileUnits(tx, deps.ids, { season, form: phase.form, children: [...family.keys()], at: receivedAt })
          const twin = twinOf(child, await declarationsAbout(tx, season, [child]))
          return { ...(twin !== undefined && { unit: deps.ids.unit(season, [child, twin]) }), receivedAt: iso(receivedAt) }
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })

interface Pair {
  season: string
  child: string
  sibling: string
}

/** Locks both, and whoever was declared with the child before: its unit may end. */
async function lockPair(tx: Sql, { season, child, sibling }: Pair): Promise<Map<string, ChildRow>> {
  return lockChildren(tx, season, [...new Set([...(await familyOf(tx, season, child)), sibling])])
}

async function refuseImpossible(tx: Sql, phase: TimelinePhaseOf<'registration'>, { season, child, sibling }: Pair, family: Map<string, ChildRow>): Promise<void> {
  if (!phase.twins) throw problem('not-eligible', `${phase.id} takes no declarations of twins`)
  const [one, other] = [family.get(child)!, family.get(sibling)!]
  const fault = twinFault({ ...one, child: one.id }, { ...other, child: other.id })
  if (fault) throw problem('not-a-twin', fault, { faults: [{ at: '/body/sibling', message: fault }] })
  for (const each of [child, sibling]) await refuseWithdrawn(tx, season, each)
  const facts = await lockRegistrationFacts(tx, season, phase.form, [child, sibling])
  const frozen = facts.find((fact) => fact.frozen)
  if (frozen) throw problem('not-eligible', `The registration of ${frozen.child} is frozen and its unit with it`)
}
