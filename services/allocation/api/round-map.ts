import type { SeasonId } from '../../../contracts/ids.js'
import { inGroup } from '../../../policies/conditions.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { RoundMap } from '../domain/rounds/wishes.js'
import type { Tx } from '../store/database.js'
import { schoolsOf, zonesOf } from '../store/schools.js'

/** The ids of the schools in any of these groups, sorted. */
export async function schoolsIn(tx: Tx, season: SeasonId, timeline: Timeline, groups: readonly string[]): Promise<string[]> {
  const schools = await schoolsOf(tx, season)
  return schools.filter(({ facts }) => groups.some((group) => inGroup(timeline, group, facts))).map(({ id }) => id)
}

/** The schools and zones of a season as a round sees them. */
export async function roundMap(tx: Tx, season: SeasonId, timeline: Timeline, round: { seats: readonly string[] }): Promise<RoundMap> {
  const offered = new Set(await schoolsIn(tx, season, timeline, round.seats))
  const zones = await zonesOf(tx, season)
  return {
    offers: (school) => offered.has(school),
    schoolsOf: (zone) => zones.get(zone)?.schools ?? [],
    locationOf: (zone) => zones.get(zone)?.location,
  }
}
