import { registrationEndpoints } from '../../../contracts/http/registration.js'
import type { Caller } from '../../../contracts/roles.js'
import { createClient } from '../../../platform/http/index.js'
import type { Log } from '../../../platform/log.js'

/** Names of children, for a screen whose user may see them; they are not kept here. */
export interface People {
  /** @returns name by child; empty where registration does not answer, for a list without names is still a list */
  namesOf(season: string, children: readonly string[]): Promise<Map<string, string>>
}

const AT_ONCE = 500

export function createPeople(options: { registrationUrl: string; token: () => Promise<string>; log: Log }): People {
  const client = createClient({ people: registrationEndpoints.people }, { baseUrl: options.registrationUrl, token: options.token, timeoutMs: 2_000 })
  return {
    async namesOf(season, children) {
      if (children.length === 0) return new Map()
      try {
        const body = { children: children.slice(0, AT_ONCE), purpose: 'screen' as const }
        const { people } = await client.people({ params: { season }, body })
        return new Map(people.map(({ child, name }) => [child, name]))
      } catch (err) {
        options.log.warn({ err }, 'names not fetched')
        return new Map()
      }
    },
  }
}

export const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** Bureau and district staff see names; those who only run the platform do not. */
export const maySeeNames = ({ role }: Caller): boolean => role === 'city' || role === 'district'
