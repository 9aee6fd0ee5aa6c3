import pLimit from 'p-limit'
import type { Caller } from '../../../contracts/roles.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { consoleEndpoints } from '../../../contracts/http/console.js'
import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { Span, Timeline } from '../../../policies/timeline.js'
import { createClient, Unreachable } from '../../../platform/http/client.js'
import { Problem } from '../../../platform/problem.js'
import type { Catalogue, Family } from '../families.js'
import type { Ledger } from '../ledger.js'

/** Addresses of the public APIs, nothing else of the platform is known to an actor. */
export interface Addresses {
  registration: string
  verification: string
  allocation: string
  console: string
}

/** Signs in the people of a rehearsal; stands for the city's identity provider. */
export interface IdentityProvider {
  guardian(idNumber: string): Promise<string>
  staff(caller: Caller): Promise<string>
}

/** Everything the actors share. */
export interface Stage {
  season: string
  seed: number
  timeline: Timeline
  catalogue: Catalogue
  families: Family[]
  ledger: Ledger
  identity: IdentityProvider
  apis: ReturnType<typeof connect>
  /** Refusals the actors met, by problem type: told at the end, since some are part of the play. */
  refusals: Map<string, number>
  signal: AbortSignal
}

/** Clients of the public APIs. */
export const connect = (addresses: Addresses) => ({
  registration: createClient(registrationEndpoints, { baseUrl: addresses.registration }),
  verification: createClient(verificationEndpoints, { baseUrl: addresses.verification }),
  allocation: createClient(allocationEndpoints, { baseUrl: addresses.allocation }),
  console: createClient(consoleEndpoints, { baseUrl: addresses.console }),
})

/** Requests of one kind of actor under way at once. */
const CONCURRENCY = 8
/** Pause before an actor knocks again at a door that did not open. */
const RETRY_MS = 250

/** Share of a window that staff leave at its end, so that nothing is sent at the last moment. */
const MARGIN = 0.1

/** When staff stop working in a window (ms). */
export const lastCall = ({ opensAt, closesAt }: Span): number => closesAt - (closesAt - opensAt) * MARGIN

/** Runs one action for each item, some at once; ends when all ended or the play is broken off. */
export async function each<T>(stage: Stage, items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(CONCURRENCY)
  await Promise.all(items.map((item) => limit(async () => (stage.signal.aborted ? undefined : act(item)))))
}

/**
 * What a person does at a screen: tries again while nobody answers or the answer is "not yet", until the window is
 * over; takes any other refusal as said. Returns undefined for a refusal.
 */
export async function attempt<T>(stage: Stage, until: number, call: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error
      const again = error instanceof Unreachable || error.type === 'not-yet' || error.type === 'timed-out' || error.type === 'window-not-open'
      if (!again || Date.now() >= until || stage.signal.aborted) {
        const type = error instanceof Problem ? error.type : 'unreachable'
        stage.refusals.set(type, (stage.refusals.get(type) ?? 0) + 1)
        return undefined
      }
      await pause(RETRY_MS)
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until an instant (ms), or until the play is broken off. */
export async function until(stage: Stage, instant: number): Promise<void> {
  while (Date.now() < instant && !stage.signal.aborted) await pause(Math.min(200, instant - Date.now()))
}
