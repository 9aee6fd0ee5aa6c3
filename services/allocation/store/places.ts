import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import type { ChildFact, Seat, SeatedWay } from '../../../contracts/facts.js'
import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'
import { storeFacts } from '../../../platform/facts/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { placeFact } from '../domain/place-fact.js'
import { parts, type Tx } from './database.js'

/** As many as PostgreSQL looks up by the key; for more it reads the whole table each time. */
const AT_ONCE = 1_000

/**
 * Locks the place of each child until the transaction ends, in the order of the ids. Whoever changes seats of a
 * child holds this lock first, so that two changes of one child go one after the other and none deadlock.
 */
export async function lockPlaces(tx: Tx, season: SeasonId, children: readonly ChildId[]): Promise<void> {
  for (const some of parts([...new Set(children)].sort(), AT_ONCE)) {
    await tx.$executeRawUnsafe(
      `INSERT INTO place (season, child) SELECT $1, child FROM unnest($2::text[]) WITH ORDINALITY AS given (child, n) ORDER BY n
       ON CONFLICT DO NOTHING`,
      season,
      some,
    )
    await tx.$executeRawUnsafe(
      `SELECT 1 FROM place WHERE season = $1 AND child = ANY ($2::text[]) ORDER BY child COLLATE "C" FOR UPDATE`,
      season,
      some,
    )
  }
}

/** A child's new outcomes of phases, if any; its seats are read as they stand. */
export interface PlaceChange {
  child: ChildId
  outcomes?: Record<PhaseId, string>
}

/**
 * States the places of these children anew, after their seats changed and under their locks: the next revision,
 * stored among the facts and put into the outbox.
 * @param event what happened; without it nobody is told, because the caller hands the fact on itself
 * @returns the facts, in the order of the changes
 */
export async function statePlaces(
  tx: Tx,
  season: SeasonId,
  changes: readonly PlaceChange[],
  event: EventName<'allocation'> | undefined,
  at: number,
): Promise<ChildFact[]> {
  const facts: ChildFact[] = []
  for (const some of parts(changes, AT_ONCE)) {
    const rows = await nextRevisions(tx, season, some)
    const seats = await visibleSeats(tx, season, some.map(({ child }) => child))
    const stated = some.map(({ child }) => {
      const row = rows.get(child)
      if (!row) throw new Error(`The place of ${child} was not locked before it was stated`)
      return placeFact(season, child, row.revision, row.outcomes, seats.get(child) ?? [])
    })
    await storeFacts(tx, stated)
    if (event) await enqueue(tx, 'allocation', stated.map((fact) => factEvent(event, fact, at)))
    facts.push(...stated)
  }
  return facts
}

interface PlaceRow {
  child: string
  revision: number
  outcomes: Record<PhaseId, string>
}

async function nextRevisions(tx: Tx, season: SeasonId, changes: readonly PlaceChange[]): Promise<Map<ChildId, PlaceRow>> {
  const rows = await tx.$queryRawUnsafe<PlaceRow[]>(
    `UPDATE place SET revision = revision + 1, outcomes = place.outcomes || given.outcomes
     FROM unnest($2::text[], $3::jsonb[]) AS given (child, outcomes)
     WHERE place.season = $1 AND place.child = given.child
     RETURNING place.child, place.revision, place.outcomes`,
    season,
    changes.map(({ child }) => child),
    changes.map(({ outcomes }) => JSON.stringify(outcomes ?? {})),
  )
  return new Map(rows.map((row) => [row.child, row]))
}

/** Which of these children have an outcome of a phase. */
export async function childrenWithOutcome(tx: Tx, season: SeasonId, phase: PhaseId, children: readonly ChildId[]): Promise<Set<ChildId>> {
  const rows = await tx.$queryRawUnsafe<{ child: ChildId }[]>(
    'SELECT child FROM place WHERE season = $1 AND child = ANY ($2::text[]) AND outcomes->>$3 IS NOT NULL',
    season,
    children,
    phase,
  )
  return new Set(rows.map((row) => row.child))
}

/** A seat as others may see it. */
export interface VisibleSeat extends Seat {
  taken: boolean
}

/** The seats of each child whose round is published, by basis. */
export async function visibleSeats(tx: Tx, season: SeasonId, children: readonly ChildId[]): Promise<Map<ChildId, VisibleSeat[]>> {
  const rows = await tx.$queryRawUnsafe<(Omit<VisibleSeat, 'way'> & { way: SeatedWay | null; child: ChildId })[]>(
    `SELECT child, basis, school, way, taken FROM seat
     WHERE season = $1 AND child = ANY ($2::text[]) AND visible ORDER BY basis COLLATE "C"`,
    season,
    children,
  )
  const byChild = new Map<ChildId, VisibleSeat[]>()
  for (const { child, way, ...rest } of rows) {
    const seat = way === null ? rest : { ...rest, way }
    const known = byChild.get(child)
    if (known) known.push(seat)
    else byChild.set(child, [seat])
  }
  return byChild
}

/** The event that carries a fact; its id is the fact's, so that sending it again is harmless. */
export const factEvent = (name: EventName<'allocation'>, fact: ChildFact, at: number): Event<ChildFact> => ({
  id: `${fact.season}/${fact.child}/${fact.aggregate}/${fact.id}/${fact.revision}`,
  type: eventType('allocation', name),
  source: eventSource('allocation'),
  subject: fact.child,
  time: new Date(at).toISOString(),
  season: fact.season,
  data: fact,
})
