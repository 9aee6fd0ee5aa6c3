import type { seasonEndpoints } from '../../contracts/http/seasons.js'
import type { SeasonId } from '../../contracts/ids.js'
import type { Client } from '../../platform/http/client.js'
import type { Timeline } from '../../policies/timeline.js'

/** What the bridge must know of a season to start a child's workflow in it. */
export interface Seasons {
  /** The timeline, which every workflow of the season carries. @throws Problem `unknown-season` */
  timeline(season: SeasonId): Promise<Timeline>
  /** Whether the season has been closed, as of a few seconds ago at most. */
  isClosed(season: SeasonId): Promise<boolean>
}

const STATE_MS = 5_000

/** Seasons as registration has them. A timeline never changes; a state is looked up again after five seconds. */
export function createSeasons(registration: Pick<Client<typeof seasonEndpoints>, 'getSeason' | 'getTimeline'>, now: () => number = Date.now): Seasons {
  const timelines = new Map<SeasonId, Promise<Timeline>>()
  const states = new Map<SeasonId, { isClosed: Promise<boolean>; until: number }>()
  return {
    timeline(season) {
      return remember(timelines, season, async () => (await registration.getTimeline({ params: { season } })).timeline)
    },
    async isClosed(season) {
      const known = states.get(season)
      if (known && known.until > now()) return known.isClosed
      const isClosed = registration.getSeason({ params: { season } }).then(({ state }) => state === 'closed')
      states.set(season, { isClosed, until: now() + STATE_MS })
      isClosed.catch(() => states.delete(season))
      return isClosed
    },
  }
}

function remember<V>(known: Map<string, Promise<V>>, key: string, look: () => Promise<V>): Promise<V> {
  const there = known.get(key)
  if (there) return there
  const found = look()
  known.set(key, found)
  found.catch(() => known.delete(key))
  return found
}
