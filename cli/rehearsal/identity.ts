import type { Caller } from '../../contracts/roles.js'
import { tokenSource, type Issuer } from '../../platform/auth.js'
import type { IdentityProvider } from './actors/stage.js'

/** Life of a rehearsal's token. */
const TOKEN_SECONDS = 600

/**
 * Simulator of the city's identity provider: signs in whoever asks, with the platform's local issuer.
 * @param guardianIdOf the opaque id of a guardian by ID number, as registration computes it
 */
export function simulateIdentityProvider(issuer: Issuer, guardianIdOf: (idNumber: string) => string): IdentityProvider {
  const sources = new Map<string, () => Promise<string>>()
  const signIn = (caller: Caller): Promise<string> => {
    const key = JSON.stringify(caller)
    const source = sources.get(key) ?? tokenSource(issuer, caller, TOKEN_SECONDS)
    sources.set(key, source)
    return source()
  }
  return {
    guardian: (idNumber) => signIn({ subject: guardianIdOf(idNumber), role: 'guardian' }),
    staff: signIn,
  }
}
