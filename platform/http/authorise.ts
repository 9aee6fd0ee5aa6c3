import type { Endpoint } from '../../contracts/http/endpoint.js'
import type { About, Caller } from '../../contracts/roles.js'
import type { Verifier } from '../auth.js'
import { problem } from '../problem.js'

/**
 * The caller of a request, or undefined where the endpoint is open to everyone.
 * @throws Problem `unauthenticated` without a valid token, `forbidden` for a role the endpoint does not name
 */
export async function authenticate(
  endpoint: Endpoint,
  authorization: string | undefined,
  verifier: Verifier,
): Promise<Caller | undefined> {
  if (Object.keys(endpoint.roles).length === 0) return undefined
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw problem('unauthenticated', 'Send a token: `Authorization: Bearer …`')
  const caller = await verifier.verify(token)
  if (!endpoint.roles[caller.role]) throw problem('forbidden', `The role ${caller.role} may not call ${endpoint.id}`)
  return caller
}

/** @throws Problem `forbidden` if the caller reaches only its own and the matter is another's */
export function checkReach(caller: Caller, about: About): void {
  if (!isOwn(caller, about)) throw problem('forbidden', 'This is not within your reach')
}

function isOwn(caller: Caller, about: About): boolean {
  switch (caller.role) {
    case 'guardian':
      return about.guardian === caller.subject
    case 'school':
      return caller.school !== undefined && (about.schools ?? []).includes(caller.school)
    case 'district':
      return caller.district !== undefined && about.district === caller.district
    case 'city':
    case 'ops':
    case 'service':
      return false
  }
}
