import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { factsOf, storeFacts } from '../../../platform/facts/index.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { atClose, type CaseState } from '../domain/case.js'
import { entryOf } from '../domain/entry.js'
import { placeKey, type Place } from '../domain/place.js'
import { firstState } from '../domain/turn.js'
import { insertCase, readCase, type CaseKey } from '../store/cases.js'
import type { Database } from '../store/database.js'
import { findPlace } from '../store/places.js'
import type { Room } from './room.js'

/** How long to wait for the word of a zone that a form already names. */
const ZONE_RETRY_MS = 500

/**
 * `openCases`: see its contract. All children of a city come at the opening of a phase, so each step is one statement
 * that may be repeated, and none needs the others in its transaction. A case opened after the close begins as what
 * silence made of it.
 */
export const openCases = ({ database, timelines, wakeInquiries }: Room): Mounted =>
  implement(verificationEndpoints.openCases, {
    handle: async ({ params, body, receivedAt, signal }) => {
      const { timeline, phase } = await timelines.phase(params.season, params.phase)
      requireOfChild(params, body.facts)
      if (receivedAt < phase.opensAt) {
        throw problem('not-yet', `${phase.id} has not opened`, { retryAfterMs: Math.ceil(phase.opensAt - receivedAt) })
      }
      await storeFacts(database, body.facts)
      const facts = await factsOf(database, params.season, params.child)
      signal.throwIfAborted()
      const state = await openOnce(database, { timeline, phase, key: params, facts, receivedAt })
      if (state === 'open') wakeInquiries()
      return { state }
    },
  })

function requireOfChild({ season, child }: CaseKey, facts: readonly ChildFact[]): void {
  const faults = facts.flatMap((fact, index) =>
    (fact.season === season && fact.child === child ? [] : [{ at: `/body/facts/${index}`, message: 'is about another child or season' }]))
  if (faults.length > 0) throw problem('invalid-input', 'The facts are not about this child', { faults })
}

interface Opening {
  timeline: Timeline
  phase: TimelinePhaseOf<'check' | 'review'>
  key: CaseKey
  facts: ChildFact[]
  receivedAt: number
}

async function openOnce(database: Database, opening: Opening): Promise<CaseState> {
  const { timeline, phase, key, facts, receivedAt } = opening
  const { allowed, explanation } = entryOf(timeline, phase, facts)
  const place = allowed === 'yes' ? await placeOf(database, opening) : undefined
  const opened = place && (await insertCase(
    database,
    { ...key, kind: phase.kind, ...place },
    { open: firstState(phase, place.school), closed: atClose(phase.kind) },
    receivedAt,
    phase.kind === 'check' ? phase.by : [],
  ))
  const state = opened ?? (await readCase(database, key))?.state
  if (state) return state
  throw problem('not-eligible', `${phase.id} does not ask this child`, { particulars: { allowed, explanation } })
}

async function placeOf(database: Database, { timeline, phase, key, facts }: Opening): Promise<Place> {
  const by = placeKey(timeline, phase, facts)
  const place = await findPlace(database, key.season, by, facts.find((fact) => fact.aggregate === 'roster')?.district)
  if (place) return place
  throw problem('not-yet', 'The zone is not known here yet', { retryAfterMs: ZONE_RETRY_MS, particulars: { ...by } })
}
