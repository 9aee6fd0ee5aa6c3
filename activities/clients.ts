import { allocationEndpoints } from '../contracts/http/allocation.js'
import { notificationEndpoints } from '../contracts/http/notification.js'
import { seasonEndpoints } from '../contracts/http/seasons.js'
import { verificationEndpoints } from '../contracts/http/verification.js'
import type { ServiceName } from '../contracts/ids.js'
import { createClient, type Client } from '../platform/http/client.js'

/** The services as the activities call them. */
export interface ServiceClients {
  /** Each owner's season endpoints. */
  owners: Record<ServiceName, Client<typeof seasonEndpoints>>
  verification: Client<typeof verificationEndpoints>
  allocation: Client<typeof allocationEndpoints>
  notification: Client<typeof notificationEndpoints>
}

/**
 * Clients of all services.
 * @param baseUrls where each service listens
 * @param token a bearer token of the role `service`
 * @param timeoutMs of one call; a close works on all children at once and gets its own. @default 10_000
 */
export function createServiceClients(baseUrls: Record<ServiceName, string>, token: () => Promise<string>, timeoutMs = 10_000): ServiceClients {
  const at = (service: ServiceName) => ({ baseUrl: baseUrls[service], token, timeoutMs })
  return {
    owners: {
      registration: createClient(seasonEndpoints, at('registration')),
      verification: createClient(seasonEndpoints, at('verification')),
      allocation: createClient(seasonEndpoints, at('allocation')),
      notification: createClient(seasonEndpoints, at('notification')),
    },
    verification: createClient(verificationEndpoints, at('verification')),
    allocation: createClient(allocationEndpoints, at('allocation')),
    notification: createClient(notificationEndpoints, at('notification')),
  }
}
