import type { ServiceClients } from './clients.js'
import { asFailure } from './failures.js'
import type { EnrollmentActivities } from './ports.js'

export const notificationActivities = ({ notification }: ServiceClients): Pick<EnrollmentActivities, 'issuePaper'> => ({
  async issuePaper({ key, season, phase, child, paper, school, exchanges }) {
    await asFailure(() => notification.issuePaper({
      params: { season, child, phase, kind: paper },
      body: { exchanges, ...(school ? { school } : {}) },
      idempotencyKey: key,
    }))
  },
})
