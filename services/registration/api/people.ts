import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { readSeason } from '../../../platform/windows/index.js'
import { readPeople, recordDisclosure } from '../store/people.js'
import type { Deps } from './deps.js'

/** `POST /seasons/:season/people`. Who asked, what for and for how many children is recorded before the answer. */
export const people = ({ database }: Deps): Mounted =>
  implement(registrationEndpoints.people, {
    handle: ({ params: { season }, body: { children, purpose }, caller, signal, remainingMs }) =>
      inTransaction(
        database.prisma,
        async (tx) => {
          await readSeason(tx, season)
          const found = await readPeople(tx, season, children, purpose)
          await recordDisclosure(tx, { season, by: caller.subject, purpose, children: found.length })
          return { people: found }
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })
