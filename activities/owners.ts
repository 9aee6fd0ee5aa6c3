import { isProblem, problem } from '../platform/problem.js'
import type { Clock } from '../platform/clock.js'
import type { ServiceClients } from './clients.js'
import { asFailure } from './failures.js'
import type { ClosedPhase, EnrollmentActivities, SeasonActivities } from './ports.js'

/** Closing a phase works on all children at once. */
const CLOSE_MS = 90_000

type OwnerActivities = Pick<EnrollmentActivities, 'askOutcome'> &
  Pick<SeasonActivities, 'installSeason' | 'closePhase' | 'extendPhase' | 'closeSeason'>

/** What every owner of phases is asked: the shared season endpoints. */
export function ownerActivities({ owners }: ServiceClients, clock: Clock): OwnerActivities {
  return {
    askOutcome: ({ owner, season, phase, child }) => asFailure(async () => {
      const answer = await owners[owner].getOutcome({ params: { season, phase, child } })
      if (answer.state === 'closed') return answer
      const closesAt = Date.parse(answer.closesAt)
      // The owner's clock is a little behind ours: it has not noticed yet that it is over.
      if (closesAt <= clock.now()) throw problem('not-yet', `${phase} is about to close`, { closesAt })
      return { state: 'open', closesAt }
    }),
    async installSeason({ season, service, timeline }) {
      await asFailure(() => owners[service].installSeason({ params: { season }, body: { timeline } }))
    },
    closePhase: ({ owner, season, phase }) => asFailure(async (): Promise<ClosedPhase> => {
      try {
        const { closedAt, count, digest } = await owners[owner].closePhase({ params: { season, phase }, timeoutMs: CLOSE_MS })
        return { state: 'closed', close: { phase, count, digest }, closedAt: Date.parse(closedAt) }
      } catch (error) {
        if (!isProblem(error, 'still-open') || error.closesAt === undefined) throw error
        return { state: 'open', closesAt: Date.parse(error.closesAt) }
      }
    }),
    extendPhase: ({ owner, season, phase, closesAt }) => asFailure(async () => {
      const window = await owners[owner].extendPhase({ params: { season, phase }, body: { closesAt: new Date(closesAt).toISOString() } })
      return { closesAt: Date.parse(window.closesAt) }
    }),
    async closeSeason({ season, service }) {
      await asFailure(() => owners[service].closeSeason({ params: { season } }))
    },
  }
}
