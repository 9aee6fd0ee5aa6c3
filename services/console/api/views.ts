import type { z } from 'zod'
import type { EnrollmentView } from '../../../contracts/enrollment.js'
import type * as v from '../../../contracts/http/console-views.js'
import type { RoundView as RoundWorkflowView } from '../../../contracts/workflows.js'
import { phaseState } from '../domain/phase-state.js'
import type { PhaseRow, SeasonRow } from '../store/calendar.js'
import type { DeadLetterRow } from '../store/dead-letters.js'
import type { CaseRow, ChildRow } from '../store/lists.js'
import type { RoundRow } from '../store/rounds.js'

type View<K extends keyof typeof v> = (typeof v)[K] extends z.ZodType ? z.input<(typeof v)[K]> : never

export const iso = (ms: number): string => new Date(ms).toISOString()

/** Leaves out what is not known, as JSON without nulls. */
function known<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

export const seasonView = (row: SeasonRow): View<'seasonView'> => ({
  season: row.id,
  policy: row.policy,
  opensAt: iso(row.opensAt),
  closesAt: iso(row.closesAt),
  ...known({ closedAt: isoOrNull(row.closedAt), ends: row.ends }),
})

export const phaseView = (row: PhaseRow, now: number): View<'phaseView'> => ({
  phase: row.phase,
  kind: row.kind,
  owner: row.owner,
  state: phaseState(row, now),
  opensAt: iso(row.opensAt),
  closesAt: iso(row.closesAt),
  ...known({
    extendedFrom: row.closesAt > row.calendarClosesAt ? iso(row.calendarClosesAt) : null,
    publishAt: isoOrNull(row.publishAt),
    closed: row.closedAt === null || row.count === null || row.digest === null
      ? null
      : { closedAt: iso(row.closedAt), count: row.count, digest: row.digest },
  }),
})

export const roundView = (row: RoundRow, live: RoundWorkflowView | undefined): View<'roundView'> => ({
  phase: row.phase,
  state: row.voidRun !== null && row.voidRun === row.run ? 'void' : row.publishedAt !== null ? 'published' : row.decidedAt !== null ? 'decided' : row.frozenAt !== null ? 'frozen' : 'planned',
  ...known({
    units: row.units,
    children: row.children,
    listHash: row.listHash,
    run: row.run,
    step: row.step,
    hash: row.hash,
    held: row.held?.length ? row.held : null,
    admitted: row.admitted,
    notAdmitted: row.notAdmitted,
    frozenAt: isoOrNull(row.frozenAt),
    decidedAt: isoOrNull(row.decidedAt),
    publishedAt: isoOrNull(row.publishedAt),
    live: live && { stage: live.stage, approvedBy: live.approvedBy ?? [], ...(live.voidAskedBy && { voidAskedBy: live.voidAskedBy }) },
  }),
})

export const childView = (row: ChildRow, names: ReadonlyMap<string, string>): View<'childRow'> => ({
  child: row.child,
  status: row.status,
  updatedAt: iso(row.updatedAt),
  ...known({
    name: names.get(row.child),
    number: row.number,
    district: row.district,
    arrangement: row.arrangement,
    end: row.end,
  }),
})

export const caseView = (row: CaseRow, names: ReadonlyMap<string, string>): View<'arrangementCaseView'> => ({
  child: row.child,
  phase: row.phase,
  cause: row.cause,
  openedAt: iso(row.openedAt),
  ...known({ name: names.get(row.child), district: row.district, closedAt: isoOrNull(row.closedAt), closedAs: row.closedAs }),
})

export const liveView = ({ status, outcomes, seats, next, arrangement, flags, end }: EnrollmentView): View<'liveState'> => ({
  status,
  outcomes,
  seats,
  flags: flags.map((flag) => ({ ...flag, at: iso(flag.at) })),
  ...known({ next: next && { ...next, at: iso(next.at) }, arrangement, end }),
})

export const deadLetterView = (row: DeadLetterRow): View<'deadLetter'> => ({
  id: row.id,
  topic: row.topic,
  consumer: row.consumer,
  cause: row.cause,
  at: iso(row.at),
  ...(row.event !== null && { event: row.event }),
  ...(row.type !== null && { type: row.type }),
  ...(row.season !== null && { season: row.season }),
  ...(row.replayedAt !== null && { replayedAt: iso(row.replayedAt) }),
})
