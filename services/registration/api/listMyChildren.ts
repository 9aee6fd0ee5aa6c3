import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { readSeason } from '../../../platform/windows/index.js'
import { childrenOfGuardian } from '../store/children.js'
import type { Deps } from './deps.js'

/** `GET /seasons/:season/my-children` */
export const listMyChildren = ({ database }: Deps): Mounted =>
  implement(registrationEndpoints.listMyChildren, {
    async handle({ params: { season }, caller }) {
      await readSeason(database.prisma, season)
      return { children: await childrenOfGuardian(database, season, caller.subject) }
    },
  })
