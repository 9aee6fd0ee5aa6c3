import type { SeasonId } from '../../../contracts/ids.js'
import { inGroup } from '../../../policies/conditions.js'
import type { Timeline } from '../../../policies/timeline.js'
import type { RoundMap } from '../domain/rounds/wishes.js'
import type { Tx } from '../store/database.js'
import { schoolsOf, zonesOf, type SchoolRow } from '../store/schools.js'

/** The schools in any of these groups, by id. */
export async function schoolsIn(tx: Tx, season: SeasonId, timeline: Timeline, groups: readonly string[]): Promise<SchoolRow[]> {
  const schools = await schoolsOf(tx, season)
  return schools.filter(({ facts }) => groups.some((group) => inGroup(timeline, group, facts)))
}

/** The schools and zones of a season as a round sees them. */
export async function roundMap(tx: Tx, season: SeasonId, timeline: Timeline, round: { seats: readonly string[] }): Promise<RoundMap> {
  const offered = new Set((await schoolsIn(tx, season, timeline, round.seats)).map(({ id }) => id))
  const zones = await zonesOf(tx, season)
  return {
    offers: (school) => offered.has(school),
    schoolsOf: (zone) => zones.get(zone)?.schools ?? [],
    locationOf: (zone) => zones.get(zone)?.location,
  }
}
