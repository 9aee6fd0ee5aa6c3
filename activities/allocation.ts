import { heartbeat } from '@temporalio/activity'
import type { ServiceClients } from './clients.js'
import { asFailure } from './failures.js'
import type { EnrollmentActivities, RoundActivities, SeasonActivities } from './ports.js'

/** Freezing and deciding work on all children of a round at once. */
const ROUND_MS = 90_000
const HEARTBEAT_MS = 2_000

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
    freezeRound: ({ season, phase, run, expects, officer }) => asStep(async () => {
      const { listHash } = await allocation.freezeRound({ params: { season, phase }, body: { expects, run, officer }, timeoutMs: ROUND_MS })
      return listHash === undefined ? {} : { listHash }
    }),
    async commitRound({ season, phase, run }) {
      await asStep(() => allocation.commitRound({ params: { season, phase }, body: { run }, timeoutMs: ROUND_MS }))
    },
    revealRound: ({ season, phase, run }) => asStep(async () => {
      const { again = false } = await allocation.revealRound({ params: { season, phase }, body: { run }, timeoutMs: ROUND_MS })
      return { again }
    }),
    async drawRound({ season, phase, run, supplement }) {
      await asStep(() => allocation.drawRound({ params: { season, phase }, body: { run, supplement }, timeoutMs: ROUND_MS }))
    },
    checkRound: ({ season, phase, run, supplement }) => asStep(async () => {
      const { held = [] } = await allocation.checkRound({ params: { season, phase }, body: { run, supplement }, timeoutMs: ROUND_MS })
      return { held }
    }),
    async proposeRound({ season, phase, run }) {
      await asStep(() => allocation.proposeRound({ params: { season, phase }, body: { run }, timeoutMs: ROUND_MS }))
    },
    publishRound: ({ season, phase, run, limit }) => asStep(() => allocation.publishRound({ params: { season, phase }, body: { run, limit }, timeoutMs: ROUND_MS })),
    async voidRound({ season, phase, run, officers, reason }) {
      await asStep(() => allocation.voidRound({ params: { season, phase }, body: { run, officers, reason }, timeoutMs: ROUND_MS }))
    },
    async publishVacancies({ season, phase }) {
      await asFailure(() => allocation.publishVacancies({ params: { season, phase }, body: {} }))
    },
  }
}

/** A step of a round, which may take long: heartbeats tell that this worker is still at it. */
async function asStep<R>(call: () => Promise<R>): Promise<R> {
  const beating = setInterval(heartbeat, HEARTBEAT_MS)
  try {
    return await asFailure(call)
  } finally {
    clearInterval(beating)
  }
}
