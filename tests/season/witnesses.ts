import type { Platform } from '../../cli/platform/start.js'
import type { Addresses } from '../../cli/rehearsal/actors/stage.js'
import type { EnrollmentView } from '../../contracts/enrollment.js'
import { seasonEndpoints } from '../../contracts/http/seasons.js'
import { enrollmentWorkflowId, QUERIES, seasonWorkflowId, type SeasonView } from '../../contracts/workflows.js'
import { createClient } from '../../platform/http/client.js'
import { createWorkflowClient } from '../../platform/temporal/index.js'
import { phaseOf } from './calendar.js'

/** When a phase ends (ISO), as each who is asked says. */
export interface Ends {
  owner: string
  workflow: string
  console: string
}

/** All who can be asked when a phase of a season ends. */
export interface Witnesses {
  endsOf(phase: string): Promise<Ends>
  /** What a child's own workflow says. */
  child(id: string): Promise<EnrollmentView>
  close(): Promise<void>
}

export async function callWitnesses(platform: Platform, season: string): Promise<Witnesses> {
  const { client: { workflow }, close } = await createWorkflowClient({ temporalAddress: platform.stack.temporalAddress, temporalNamespace: 'default' })
  return {
    async endsOf(id) {
      const shown = await phaseOf(platform, season, id)
      const owner = createClient(seasonEndpoints, { baseUrl: platform.addresses[shown.owner as keyof Addresses] })
      const { windows } = await owner.listPhases({ params: { season } })
      const { phases } = await workflow.getHandle(seasonWorkflowId(season)).query<SeasonView>(QUERIES.getSeason)
      const walked = phases.find(({ phase }) => phase === id)
      return {
        owner: windows.find(({ phase }) => phase === id)?.closesAt ?? 'unknown',
        workflow: walked ? new Date(walked.closesAt).toISOString() : 'unknown',
        console: shown.closesAt,
      }
    },
    child: (id) => workflow.getHandle(enrollmentWorkflowId(season, id)).query<EnrollmentView>(QUERIES.getEnrollment),
    close,
  }
}
