import type { Fault, Path, Severity } from '../fault.js'
import type { PhaseId } from '../language.js'
import type { PolicySource } from '../source.js'
import type { Timeline } from '../timeline.js'

/** Collects faults, each with its place in the file. */
export interface Reporter {
  faults: Fault[]
  timeline: Timeline
  add(severity: Severity, code: string, path: Path, message: string, fix: string, story?: string[]): void
  /** The path of a phase, and of a part of it. */
  phase(id: PhaseId, ...part: (string | number)[]): Path
}

/** @param source the file the timeline was compiled from */
export function reporter(timeline: Timeline, source: PolicySource): Reporter {
  const faults: Fault[] = []
  return {
    faults,
    timeline,
    add: (severity, code, path, message, fix, story) => {
      const fault: Fault = { severity, code, file: source.file, ...source.positionOf(path), path: path.join('.'), message, fix }
      faults.push(story ? { ...fault, story } : fault)
    },
    phase: (id, ...part) => ['phases', timeline.phases.findIndex((phase) => phase.id === id), ...part],
  }
}
