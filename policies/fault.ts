/** A place in a policy file, counted from 1. */
export interface Position {
  line: number
  column: number
}

export type Path = readonly (string | number)[]

export type Severity = 'error' | 'warning' | 'note'

/** Something wrong, doubtful or worth knowing in a policy file, with its place and what to do about it. */
export interface Fault extends Position {
  severity: Severity
  /** What sort of fault: stable, for tools. */
  code: string
  file: string
  /** Where in the document, as `phases.3.window`. */
  path: string
  message: string
  /** What to do. */
  fix: string
  /** How a child meets it, in plain sentences. */
  story?: string[]
}

/** Thrown by those who need a sound policy and got a faulty one. */
export class PolicyFaultsError extends Error {
  override readonly name = 'PolicyFaultsError'
  constructor(readonly file: string, readonly faults: readonly Fault[]) {
    super(`${file}: ${faults.length} fault${faults.length === 1 ? '' : 's'}\n${faults.map(formatFault).join('\n')}`)
  }
}

/** One fault as lines for a person: place, what, what to do, and the story if there is one. */
export function formatFault(fault: Fault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`
  const story = (fault.story ?? []).map((sentence) => `      ${sentence}`)
  return [`${place}: ${fault.severity} ${fault.code}: ${fault.message}`, `    ${fault.fix}`, ...story].join('\n')
}
