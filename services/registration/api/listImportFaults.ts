import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { listFaults, readProgress, type FaultRow } from '../store/imports.js'
import type { Deps } from './deps.js'

/** `GET /seasons/:season/imports/:import/faults` */
export const listImportFaults = ({ database }: Deps): Mounted =>
  implement(registrationEndpoints.listImportFaults, {
    async handle({ params, query: { limit, cursor } }) {
      if (!(await readProgress(database, params))) throw problem('not-found', `There is no import ${params.import}`)
      const found = await listFaults(database, params, cursor === undefined ? undefined : readCursor(cursor), limit + 1)
      const faults = found.slice(0, limit)
      const last = faults.at(-1)
      return { faults, ...(found.length > limit && last && { next: cursorOf(last) }) }
    },
  })

const cursorOf = ({ row, field }: FaultRow): string => `${row}:${field}`

function readCursor(cursor: string): { row: number; field: string } {
  const [, row, field] = /^(\d{1,9}):(.*)$/.exec(cursor) ?? []
  if (row === undefined || field === undefined) {
    throw problem('invalid-input', 'The cursor is not one of ours', { faults: [{ at: '/query/cursor', message: 'is not a `next` of an earlier answer' }] })
  }
  return { row: Number(row), field }
}
