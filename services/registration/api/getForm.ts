import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { factOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { readFormOfPhase } from '../store/forms.js'
import type { Deps } from './deps.js'
import { aboutChild } from './guards.js'
import { receiptView } from './views.js'

/** `GET /seasons/:season/forms/:phase/children/:child` */
export const getForm = (deps: Deps): Mounted =>
  implement(registrationEndpoints.getForm, {
    about: aboutChild(deps),
    async handle({ params: { season, phase, child } }) {
      const { prisma } = deps.database
      const row = await readFormOfPhase(prisma, season, child, phase)
      const fact = row && (await factOf(prisma, season, child, 'registration', row.form))
      if (!row || !fact) throw problem('not-found', `Nothing was filed for this child through ${phase}`)
      const { form, frozen, answers } = row
      return { ...receiptView(row, fact.number ?? ''), form, frozen, answers, ...(fact.unit && { unit: fact.unit }) }
    },
  })
