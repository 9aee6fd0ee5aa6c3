import type { Client } from '../../../../platform/http/index.js'
import type { registrationEndpoints } from '../../../../contracts/http/registration.js'
import type { Person } from '../../domain/inquiry.js'

/** The only endpoint of registration this service calls. */
export type PeopleClient = Pick<Client<typeof registrationEndpoints>, 'people'>

/** Who these children are, for asking an authority; registration records the call. Never stored or logged here. */
export async function peopleFor(client: PeopleClient, season: string, children: readonly string[]): Promise<Map<string, Person>> {
  const { people } = await client.people({ params: { season }, body: { children: [...new Set(children)], purpose: 'authority-check' } })
  return new Map(people.map((person) => [person.child, person]))
}
