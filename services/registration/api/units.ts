import type { ChildFact } from '../../../contracts/facts.js'
import type { Sql } from '../../../platform/postgres/index.js'
import type { Identities } from '../domain/identities.js'
import { unitOf, withUnit } from '../domain/units.js'
import { state } from '../events/publish.js'
import { lockRegistrationFacts, reviseForms } from '../store/forms.js'
import { declarationsAbout } from '../store/twins.js'

export interface Reconciled {
  season: string
  /** Form id of the policy. */
  form: string
  /** Children whose unit may have changed; the caller holds their locks. */
  children: readonly string[]
  /** Epoch ms. */
  at: number
}

/** Restates the registrations whose unit is no longer what was declared, as amended ones. Frozen ones stay. */
export async function reconcileUnits(sql: Sql, ids: Identities, { season, form, children, at }: Reconciled): Promise<void> {
  const facts = await lockRegistrationFacts(sql, season, form, children)
  const declarations = await declarationsAbout(sql, season, children)
  const registered = new Set(facts.filter(({ frozen }) => !frozen).map(({ child }) => child))
  const idOf = (members: string[]) => ids.unit(season, members)
  const restated = facts
    .map((fact) => withUnit(fact, unitOf(fact.child, declarations, registered, idOf)))
    .filter((fact): fact is ChildFact => fact !== undefined)
  await reviseForms(sql, season, form, restated)
  await state(sql, restated.map((fact) => ({ event: 'registration-amended', fact })), at)
}

/** The child and whoever is declared its twin by either side. */
export async function familyOf(sql: Sql, season: string, child: string): Promise<string[]> {
  const declarations = await declarationsAbout(sql, season, [child])
  return [...new Set([child, ...declarations.flatMap((declaration) => [declaration.child, declaration.sibling])])]
}
