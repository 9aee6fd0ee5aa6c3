import { readdir, readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTimeline } from './compile.js'
import { PolicyFaultsError } from './fault.js'
import type { Policy } from './language.js'
import { parsePolicy } from './parse.js'
import type { PolicySource } from './source.js'
import type { Timeline } from './timeline.js'

export interface LoadedPolicy {
  policy: Policy
  timeline: Timeline
  source: PolicySource
}

/** Thrown if there is no such policy to read. */
export class PolicyNotFoundError extends Error {
  override readonly name = 'PolicyNotFoundError'
  constructor(readonly idOrPath: string, looked: readonly string[]) {
    super(`there is no policy ${idOrPath}; looked for ${looked.join(', ')}`)
  }
}

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Ids of the policies that come with Ruxue, examples included. */
export async function policyIds(): Promise<string[]> {
  const files = await Promise.all([HERE, `${HERE}examples`].map((folder) => readdir(folder)))
  return files.flat().flatMap((file) => /^(.+)\.yaml$/.exec(file)?.slice(1) ?? []).sort()
}

/**
 * Loads a policy by its id, from the policies that come with Ruxue, or by the path of its file.
 * @throws PolicyNotFoundError
 * @throws PolicyFaultsError with every fault and its place
 */
export async function loadPolicy(idOrPath: string): Promise<LoadedPolicy> {
  const { text, file } = await readPolicyFile(idOrPath)
  const parsed = parsePolicy(text, file)
  if (!parsed.ok) throw new PolicyFaultsError(file, parsed.faults)
  return { policy: parsed.policy, timeline: compileTimeline(parsed.policy), source: parsed.source }
}

/**
 * Reads the text of a policy by its id or by the path of its file.
 * @throws PolicyNotFoundError
 */
export async function readPolicyFile(idOrPath: string): Promise<{ text: string; file: string }> {
  const isPath = /[\\/]|\.ya?ml$/.test(idOrPath)
  const candidates = isPath ? [idOrPath] : [`${HERE}${idOrPath}.yaml`, `${HERE}examples/${idOrPath}.yaml`]
  for (const candidate of candidates) {
    const text = await readFile(candidate, 'utf8').catch(ignoreMissing)
    if (text !== undefined) return { text, file: relative(process.cwd(), candidate) }
  }
  throw new PolicyNotFoundError(idOrPath, candidates.map((candidate) => relative(process.cwd(), candidate)))
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined
  throw error
}
