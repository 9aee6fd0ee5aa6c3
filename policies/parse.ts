import type { Fault, Path } from './fault.js'
import type { Policy } from './language.js'
import { resolvePolicy } from './resolve.js'
import { schemaIssues, soundPart } from './schema-faults.js'
import { readSource, type PolicySource } from './source.js'

export type Parsed =
  | { ok: true; policy: Policy; source: PolicySource }
  | { ok: false; faults: Fault[]; source: PolicySource }

/**
 * Reads a policy file, reporting all its faults at once, each with its place: what is malformed by the
 * schema, and in the sound rest every name that points at nothing and every test that fits no type.
 * @param file its name, for the reports
 */
export function parsePolicy(text: string, file: string): Parsed {
  const source = readSource(text, file)
  if (source.faults.length > 0) return { ok: false, faults: source.faults, source }
  const faults: Fault[] = []
  const report = (path: Path, code: string, message: string, fix: string) => {
    faults.push({ severity: 'error', code, file, ...source.positionOf(path), path: path.join('.'), message, fix })
  }
  const issues = schemaIssues(source.raw)
  for (const issue of issues) report(issue.path, 'schema', issue.message, issue.fix)
  const sound = soundPart(source.raw, issues)
  const policy = sound && resolvePolicy(sound, source.raw, report)
  if (policy && faults.length === 0) return { ok: true, policy, source }
  return { ok: false, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column), source }
}
