import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { loadPolicy } from '../../policies/load.js'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { LIVES } from '../season-calendar/lives.js'
import { runSeason, timeSkippingEnvironment } from '../season-calendar/run-season.js'
import { quietBundle } from '../support/temporal.js'

const HELP = `Records the histories that CI replays: some lives of Changchun 2022 on the time-skipping server.

Usage: npx tsx tests/replay/record.ts [--help]

Run it when a change of workflow code is meant to leave running workflows behind; the old files belong to code that
must still replay, so delete one only when no workflow of its time can be running any more.
`

/** Recorded lives; each takes another way through the workflow's code. */
const RECORDED = [
  'public ordinary', 'late on site', 'private admitted', 'winner who does not come', 'own graduate',
  'vacancy applicant who moves', 'withdrawn', 'flagged early', 'overdue at the district',
  'placed after it asked',
]
const FOLDER = fileURLToPath(new URL('./histories/', import.meta.url))

async function record(): Promise<void> {
  const env = await timeSkippingEnvironment()
  try {
    const bundle = await quietBundle(ENROLLMENT_WORKFLOW)
    const { timeline } = await loadPolicy('changchun-2022')
    const { lives } = await runSeason(env, bundle, timeline, LIVES.filter(({ name }) => RECORDED.includes(name)))
    await mkdir(FOLDER, { recursive: true })
    for (const { name, handle, events } of lives.values()) {
      const file = join(FOLDER, `${name.replaceAll(' ', '-')}.json`)
      await writeFile(file, `${historyToJSON(await handle.fetchHistory())}\n`)
      process.stdout.write(`${file}: ${events} events\n`)
    }
  } finally {
    await env.teardown()
  }
}

if (process.argv.includes('--help')) process.stdout.write(HELP)
else await record()
