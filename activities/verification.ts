import type { ServiceClients } from './clients.js'
import { asFailure } from './failures.js'
import type { EnrollmentActivities } from './ports.js'

export const verificationActivities = ({ verification }: ServiceClients): Pick<EnrollmentActivities, 'openCase'> => ({
  async openCase({ key, season, phase, child, facts }) {
    await asFailure(() => verification.openCases({ params: { season, phase, child }, body: { facts }, idempotencyKey: key }))
  },
})
