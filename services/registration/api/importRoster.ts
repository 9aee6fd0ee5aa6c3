import type { Readable } from 'node:stream'
import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { readSeason } from '../../../platform/windows/index.js'
import { rosterFactsOf } from '../domain/rosterFacts.js'
import type { Entry } from '../domain/rosterRow.js'
import { prepareStaging, storeBatch } from '../store/importBatch.js'
import { finishImport, readProgress, startImport, whileRunning, type ImportKey } from '../store/imports.js'
import { catalogueOf, isCatalogueComplete } from '../store/zones.js'
import type { Deps } from './deps.js'
import { dayIn } from './day.js'
import { readBatches, type ReadBatch } from './import/batches.js'
import { rosterRows, type RosterRow } from './import/rows.js'
import { progressView } from './views.js'

/** An upload may be slow; nothing waits for it. */
const LONGEST_IMPORT_MS = 60 * 60 * 1_000

/** `PUT /seasons/:season/imports/:import` */
export const importRoster = (deps: Deps): Mounted =>
  implement(registrationEndpoints.importRoster, {
    timeoutMs: LONGEST_IMPORT_MS,
    async handle({ params, raw, receivedAt, signal }) {
      const key: ImportKey = { season: params.season, import: params.import }
      try {
        await importRows(deps, key, { rows: rosterRows(raw, raw.get('content-type')), receivedAt, signal })
      } finally {
        drain(raw)
      }
      const progress = await readProgress(deps.database, key)
      if (!progress) throw new Error(`Import ${key.import} has disappeared`)
      return progressView(key.import, progress)
    },
  })

/** Takes what is still coming: whoever is sending reads no answer before it has sent everything. */
function drain(upload: Readable): void {
  // A listener, because whoever read before lets go of the stream only later, and that would stop it again.
  upload.on('data', () => undefined).resume()
}

interface Upload {
  rows: AsyncIterable<RosterRow>
  receivedAt: number
  signal: AbortSignal
}

async function importRows({ database, ids }: Deps, key: ImportKey, { rows, receivedAt, signal }: Upload): Promise<void> {
  const { season } = key
  const { timeline, state } = await readSeason(database.prisma, season)
  if (state === 'closed') throw problem('season-closed', `Season ${season} is closed`)
  if (!(await isCatalogueComplete(database.prisma, season))) {
    throw problem('not-yet', 'The season’s districts and schools are not all known yet: set its catalogue first', { retryAfterMs: 1_000 })
  }
  const catalogue = await catalogueOf(database.prisma, season)
  const identify = (row: number, entry: Entry) => ({
    row,
    entry,
    facts: rosterFactsOf(entry, timeline, ids.address),
    child: ids.child(season, entry.idNumber),
    guardian: ids.guardian(season, entry.guardianIdNumber),
  })
  await whileRunning(database, key, async (client) => {
    const cursor = await startImport(client, key)
    await prepareStaging(client)
    const rules = { timeline, catalogue, today: dayIn(timeline.timezone, receivedAt) }
    await oneAhead(readBatches({ rows, rules, cursor, identify }), signal, (batch) => storeBatch(client, key, { ...batch, at: receivedAt }))
    await finishImport(client, key)
  })
}

/** Reads the next batch while the one before is being stored. */
async function oneAhead(batches: AsyncIterable<ReadBatch>, signal: AbortSignal, store: (batch: ReadBatch) => Promise<unknown>): Promise<void> {
  let storing: Promise<unknown> = Promise.resolve()
  try {
    for await (const batch of batches) {
      await storing
      signal.throwIfAborted()
      storing = store(batch)
      storing.catch(() => undefined)
    }
  } finally {
    await storing
  }
}
