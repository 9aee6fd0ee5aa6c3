import { eventSource, type Event } from '../../../contracts/events/envelope.js'
import { eventType, type EventName } from '../../../contracts/events/types.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { SeasonId } from '../../../contracts/ids.js'
import { canonicalJson, sha256Hex } from '../../../platform/crypto.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { readSeason } from '../../../platform/windows/index.js'
import { changesOf, refuseCatalogue, type Catalogue, type CatalogueChanges } from '../domain/catalogue.js'
import { lockCatalogue, readCatalogue, writeCatalogue } from '../store/catalogue.js'
import { allowStatements, type Tx } from '../store/database.js'
import { freezesOf } from '../store/rounds.js'
import type { Allocation } from './allocation.js'

/** The season's districts, schools with their plans, zones and named places. */
export const putCatalogue = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.putCatalogue, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season }, body, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, bulkTimeoutMs)
        await change(tx, season, () => body, receivedAt)
        const seats = body.schools.reduce((sum, school) => sum + school.plan, 0)
        return { schools: body.schools.length, zones: body.zones.length, seats }
      }, { signal, timeoutMs: remainingMs() }),
  })

/**
 * Changes a season's catalogue, and tells what is new or different in it.
 * @param make the catalogue that takes the place of the one that stands
 * @returns the one that stood
 * @throws Problem `unknown-season`, `invalid-input`, `unknown-school`, `round-conflict`
 */
export async function change(tx: Tx, season: SeasonId, make: (stands: Catalogue) => Catalogue, at: number): Promise<Catalogue> {
  await lockCatalogue(tx, 'SHARE ROW EXCLUSIVE')
  const { timeline } = await readSeason(tx, season)
  const stands = await readCatalogue(tx, season)
  const next = make(stands)
  const refused = refuseCatalogue(next, timeline.places)
  if (refused) throw refused
  const changes = changesOf(stands, next)
  if (changes.none) return stands
  await refuseFrozen(tx, season, changes)
  const over = await writeCatalogue(tx, season, next, changes)
  if (over.length > 0) {
    throw problem('round-conflict', `More seats are occupied than planned at ${over.join(', ')}`, { particulars: { schools: over } })
  }
  const size = { season, schools: next.schools.length, zones: next.zones.length, places: next.places.length }
  await enqueue(tx, 'allocation', [
    entryEvent('catalogue-set', season, season, size, at),
    ...changes.schools.map((school) => entryEvent('school-offered', season, school.id, { season, ...school }, at)),
    ...changes.zones.map((zone) => entryEvent('zone-drawn', season, zone.id, { season, ...zone }, at)),
    ...changes.places.map((place) => entryEvent('place-mapped', season, place.id, { season, ...place }, at)),
  ])
  return stands
}

/**
 * A round counts on the catalogue as it was at its freeze. What it left may grow or shrink for later rounds; who belongs
 * where may not.
 * @throws Problem `round-conflict`
 */
async function refuseFrozen(tx: Tx, season: SeasonId, { plansAlone }: CatalogueChanges): Promise<void> {
  const { any, underWay } = await freezesOf(tx, season)
  if (underWay) throw problem('round-conflict', 'A round is frozen and not over: plans can change once its results are out, or its run is void')
  if (any && !plansAlone) throw problem('round-conflict', 'A round has been frozen: nothing but plans can change any more')
}

/** One event an entry and content, so that the same catalogue sent again tells nothing new. */
function entryEvent(name: EventName<'allocation'>, season: SeasonId, id: string, data: object, at: number): Event {
  const content = sha256Hex(canonicalJson({ data, at })).slice(0, 16)
  return {
    id: `${season}/${name}/${id}/${content}`,
    type: eventType('allocation', name),
    source: eventSource('allocation'),
    subject: id,
    time: new Date(at).toISOString(),
    season,
    data,
  }
}
