import type { z } from 'zod'
import { registrationEndpoints } from '../../../contracts/http/registration.js'
import type { Fault } from '../../../contracts/problems.js'
import type { Timeline } from '../../../policies/timeline.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { misfit } from '../domain/factValues.js'
import { ID_NUMBER_REASONS, readIdNumber } from '../domain/idNumber.js'
import { rosterFacts } from '../domain/rosterColumns.js'
import type { Entry } from '../domain/rosterRow.js'
import type { Catalogue } from '../domain/zones.js'
import { rosterFact } from '../domain/snapshots.js'
import { state } from '../events/publish.js'
import { insertChild, isSameEntry } from '../store/children.js'
import { catalogueOf } from '../store/zones.js'
import type { Deps } from './deps.js'
import { dayIn } from './day.js'
import { openSeason } from './guards.js'

type Body = z.output<Exclude<typeof registrationEndpoints.addChild.body, string>>

/** `POST /seasons/:season/children` */
export const addChild = (deps: Deps): Mounted =>
  implement(registrationEndpoints.addChild, {
    handle: ({ params: { season }, body, caller, receivedAt, signal, remainingMs }) =>
      inTransaction(
        deps.database.prisma,
        async (tx) => {
          const timeline = await openSeason(tx, season)
          const entry = readEntry(body, timeline, { today: dayIn(timeline.timezone, receivedAt), catalogue: await catalogueOf(tx, season) })
          const guardian = deps.ids.guardian(season, entry.guardianIdNumber)
          if (caller.role === 'guardian' && guardian !== caller.subject) throw problem('forbidden', 'The guardian’s ID number is not the caller’s')
          if (caller.role === 'district' && caller.district !== body.district) throw problem('forbidden', 'The district is not the caller’s')
          const source = caller.role === 'guardian' ? 'guardian' as const : 'district' as const
          const entered = { ...entry, season, id: deps.ids.child(season, entry.idNumber), guardian, source }
          if (await insertChild(tx, entered)) {
            const { id: child, district, facts } = entered
            await state(tx, [{ event: 'child-listed', fact: rosterFact({ season, child, guardian, district, facts }) }], receivedAt)
          } else if (!(await isSameEntry(tx, entered))) {
            throw problem('duplicate-child', 'The child is already in this season')
          }
          return { child: entered.id }
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })

interface Rules {
  /** `YYYY-MM-DD` */
  today: string
  catalogue: Catalogue
}

/** @throws Problem `invalid-input`, `unknown-field` with all faults */
function readEntry(body: Body, timeline: Timeline, { today, catalogue }: Rules): Entry {
  const child = readIdNumber(body.idNumber, today)
  const guardian = readIdNumber(body.guardianIdNumber, today)
  const unknown = Object.keys(body.facts).filter((id) => !rosterFacts(timeline).includes(id))
  const faults: Fault[] = [
    ...('fault' in child ? [{ at: '/body/idNumber', message: ID_NUMBER_REASONS[child.fault] }] : []),
    ...('fault' in guardian ? [{ at: '/body/guardianIdNumber', message: ID_NUMBER_REASONS[guardian.fault] }] : []),
    ...(catalogue.districts.has(body.district) ? [] : [{ at: '/body/district', message: 'is not a district of this season' }]),
    ...unknown.map((id) => ({ at: `/body/facts/${id}`, message: 'is no roster fact of the policy' })),
    ...Object.entries(body.facts).flatMap(([id, value]) => {
      const reason = unknown.includes(id) ? undefined : misfit(timeline.facts[id]!, value, catalogue)
      return reason ? [{ at: `/body/facts/${id}`, message: reason }] : []
    }),
  ]
  if ('fault' in child || 'fault' in guardian || faults.length > 0) {
    throw problem(unknown.length > 0 ? 'unknown-field' : 'invalid-input', `${faults[0]?.at}: ${faults[0]?.message}`, { faults })
  }
  const { name, guardianName, phone = null, email = null, district, facts } = body
  return { name, idNumber: child.number, birthday: child.birthday, guardianName, guardianIdNumber: guardian.number, phone, email, district, household: null, facts }
}
