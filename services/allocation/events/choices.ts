import type { SeasonId } from '../../../contracts/ids.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import type { Entry } from '../domain/choosing.js'
import { choiceFact } from '../domain/place-fact.js'
import type { Tx } from '../store/database.js'
import { factEvent } from '../store/places.js'

/** Stores and sends the facts of entries just written. */
export async function stateChoices(tx: Tx, season: SeasonId, phase: string, entries: readonly Entry[], at: number): Promise<void> {
  const facts = entries.map(({ child, revision, schools }) => choiceFact(season, phase, child, revision, schools))
  await storeFacts(tx, facts)
  await enqueue(tx, 'allocation', facts.map((fact) => factEvent(fact.revision === 1 ? 'choice-made' : 'choice-amended', fact, at)))
}
