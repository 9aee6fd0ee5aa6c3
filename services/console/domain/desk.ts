import type { ArrangementCase, EnrollmentEvent } from '../../../contracts/enrollment.js'

/** A case as the desk's list has it. Instants in epoch ms. */
export interface DeskCase {
  openedAt: number
  phase: string
  cause: ArrangementCase['cause']
  closedAt?: number
  closedAs?: string
}

/** What a run of one child's events does to the desk. */
export interface DeskChange {
  /** The case that was open before the run, if an event ends it. */
  closes?: { openedAt: number; at: number; as: string }
  /** Cases the run opened, closed again or not. */
  opens: DeskCase[]
}

/**
 * Follows a child's events in their order: an event carries the open case or none, so a case ends with the first
 * event that does not carry it.
 * @param open `openedAt` of the case open before, if any
 * @param run the child's events with their instants, by sequence
 */
export function followDesk(open: number | undefined, run: readonly { event: EnrollmentEvent; at: number }[]): DeskChange {
  const change: DeskChange = { opens: [] }
  let current = open
  for (const { event, at } of run) {
    const carried = event.arrangement
    if (carried?.openedAt === current) continue
    if (current !== undefined) endCase(change, current, open, at, event.status)
    current = carried?.openedAt
    if (carried) change.opens.push({ openedAt: carried.openedAt, phase: carried.phase, cause: carried.cause })
  }
  return change
}

function endCase(change: DeskChange, openedAt: number, before: number | undefined, at: number, as: string): void {
  const opened = change.opens.findLast((desk) => desk.openedAt === openedAt)
  if (opened) Object.assign(opened, { closedAt: at, closedAs: as })
  else if (openedAt === before) change.closes = { openedAt, at, as }
}
