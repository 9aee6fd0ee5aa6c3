import type { registrationEndpoints } from '../../../contracts/http/registration.js'
import { Unreachable, type Client } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import type { Recipient } from '../domain/render.js'
import type { Reach } from './channels/channel.js'

/** The only endpoint of registration this service calls. */
export type PeopleClient = Pick<Client<typeof registrationEndpoints>, 'people'>
export type Person = Awaited<ReturnType<PeopleClient['people']>>['people'][number]

const RETRY_MS = 1_000

/**
 * Who these children are, for a moment: never stored or logged here; registration records the call.
 * @throws Problem `not-yet` if registration cannot be reached
 */
export async function peopleFor(client: PeopleClient, season: string, children: readonly string[], purpose: 'notice' | 'message'): Promise<Map<string, Person>> {
  try {
    const { people } = await client.people({ params: { season }, body: { children: [...new Set(children)], purpose } })
    return new Map(people.map((person) => [person.child, person]))
  } catch (error) {
    if (error instanceof Unreachable) throw problem('not-yet', 'Registration cannot be reached', { retryAfterMs: RETRY_MS })
    throw error
  }
}

export const recipientOf = ({ name, guardianName }: Person): Recipient => ({ childName: name, guardianName })
export const reachOf = ({ email, phone }: Person): Reach => ({ email, phone })
