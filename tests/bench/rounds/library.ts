import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RoundFile } from '../../../contracts/rounds.js'
import { runCommand } from '../../../infra/cache/command.js'
import { cacheFolder } from '../../../infra/cache/folder.js'
import { allocate } from '../../../services/allocation/domain/rounds/engine/allocate.js'
import { makeRound } from './made-up.js'

const LIBRARY = 'matching==1.4.3'
const SCRIPT = join(import.meta.dirname, 'library.py')
/** Sizes are doubled until the library needs longer than this. */
const PATIENCE_SECONDS = 10
const FIRST_APPLICANTS = 500
const APPLICANTS_A_SCHOOL = 20
const CHOICES = 6

export interface Compared {
  applicants: number
  schools: number
  /** Seconds. */
  library: number
  ours: number
  same: boolean
}

/**
 * Compares deferred rounds with a public library that decides the same, at sizes that double until it is slow.
 * @returns what was compared, and why not more if something failed: no Python, no package, or the library itself
 */
export async function compareWithLibrary(folder: string, onProgress: (message: string) => void): Promise<{ compared: Compared[]; failure?: string }> {
  const compared: Compared[] = []
  try {
    const python = await pythonWithLibrary(onProgress)
    for (let applicants = FIRST_APPLICANTS; (compared.at(-1)?.library ?? 0) < PATIENCE_SECONDS; applicants *= 2) {
      onProgress(`the library with ${applicants} applicants`)
      compared.push(await compare(python, join(folder, `game-${applicants}.json`), applicants))
    }
    return { compared }
  } catch (error) {
    return { compared, failure: (error as Error).message }
  }
}

async function pythonWithLibrary(onProgress: (message: string) => void): Promise<string> {
  const folder = join(cacheFolder(), `bench-${LIBRARY}`)
  const python = join(folder, 'bin', 'python')
  if (existsSync(join(folder, 'complete'))) return python
  onProgress(`installing ${LIBRARY} into ${folder}`)
  await runCommand('python3', ['-m', 'venv', '--clear', folder])
  await runCommand(python, ['-m', 'pip', 'install', '--quiet', LIBRARY])
  await writeFile(join(folder, 'complete'), '')
  return python
}

async function compare(python: string, file: string, applicants: number): Promise<Compared> {
  const schools = applicants / APPLICANTS_A_SCHOOL
  const round = makeRound({ kind: 'deferred', applicants, schools, choices: CHOICES, twins: 0, seed: 7 })
  await writeFile(file, JSON.stringify(gameOf(round)))
  const { seconds: library, placed } = JSON.parse(await runCommand(python, [SCRIPT, file])) as { seconds: number; placed: Record<string, string> }
  const startedAt = performance.now()
  const { assignments } = allocate(round)
  const ours = (performance.now() - startedAt) / 1_000
  return { applicants, schools, library, ours, same: assignments.every(({ applicant, school }) => (placed[applicant] ?? null) === school) }
}

/** The library wants the schools that somebody chose, and nobody without a choice. */
function gameOf({ applicants, schools, orders }: RoundFile): Record<'residents' | 'hospitals' | 'capacities', object> {
  const wanted = schools.filter(({ id, plan }) => Object.hasOwn(orders, id) && plan > 0)
  return {
    residents: Object.fromEntries(applicants.map(({ id, choices }) => [id, choices])),
    hospitals: Object.fromEntries(wanted.map(({ id }) => [id, (orders[id] as { ids: string[] }).ids])),
    capacities: Object.fromEntries(wanted.map(({ id, plan }) => [id, plan])),
  }
}
