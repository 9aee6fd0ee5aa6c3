import type { ServiceClients } from './clients.js'
import { asFailure } from './failures.js'
import type { EnrollmentActivities, RoundActivities, SeasonActivities } from './ports.js'

/** Freezing and deciding work on all children of a round at once. */
const ROUND_MS = 90_000

type AllocationActivities = Pick<EnrollmentActivities, 'arrange' | 'release'> & RoundActivities & Pick<SeasonActivities, 'publishVacancies'>

/** Rounds, the desk's places, what is left. */
export function allocationActivities({ allocation }: ServiceClients): AllocationActivities {
  return {
    arrange: ({ key, season, child, ...body }) => asFailure(async () => {
      const { fact } = await allocation.arrange({ params: { season, child }, body, idempotencyKey: key })
      return fact
    }),
    release: ({ key, season, child }) => asFailure(async () => {
      const { fact } = await allocation.release({ params: { season, child }, body: {}, idempotencyKey: key })
      return fact
    }),
    freezeRound: ({ season, phase, expects }) => asFailure(async () => {
      const { listHash } = await allocation.freezeRound({ params: { season, phase }, body: { expects }, timeoutMs: ROUND_MS })
      return listHash === undefined ? {} : { listHash }
    }),
    decideRound: ({ season, phase }) => asFailure(async () => {
      const { admitted, notAdmitted } = await allocation.decideRound({ params: { season, phase }, body: {}, timeoutMs: ROUND_MS })
      return { ...(admitted === undefined ? {} : { admitted }), ...(notAdmitted === undefined ? {} : { notAdmitted }) }
    }),
    publishRound: ({ season, phase, limit }) => asFailure(() => allocation.publishRound({ params: { season, phase }, body: { limit }, timeoutMs: ROUND_MS })),
    async publishVacancies({ season, phase }) {
      await asFailure(() => allocation.publishVacancies({ params: { season, phase }, body: {} }))
    },
  }
}
