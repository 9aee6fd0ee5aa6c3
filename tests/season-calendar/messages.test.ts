import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNALS, enrollmentWorkflowId } from '../../contracts/workflows.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { settingOf } from '../../workflows/enrollment/setting.js'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { LIVES } from './lives.js'
import { runSeason, TECHNICAL, timeSkippingEnvironment, type Hands, type Life, type SeasonRun } from './run-season.js'
import { quietBundle } from '../support/temporal.js'

const HOUR_MS = 3_600_000
const request = { officer: 'officer-1', reason: 'nearest school with a seat' }

/** What the desk was told, by the name of the try. */
const answers = new Map<string, unknown>()
const tries = async (name: string, attempt: () => Promise<unknown>) => {
  answers.set(name, await attempt().catch((error: unknown) => (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : error)))
}
const opens = (calendar: Timeline, phase: string) => phaseById(calendar, phase).opensAt
const life = (name: string, steps: Life['steps']): Life => ({ name, steps })
const listed = (calendar: Timeline) => ({ at: calendar.opensAt - HOUR_MS / 2, does: ({ tell, child }: Hands) => tell(child.listed()) })

const DESK: Life[] = [
  life('decided about too early', (calendar) => [
    listed(calendar),
    { at: opens(calendar, 'register') + HOUR_MS, does: ({ arrange }) => tries('no case', () => arrange({ ...request, decision: { place: 'public-1' } })) },
  ]),
  life('on the desk', (calendar) => [
    listed(calendar),
    { at: opens(calendar, 'arrangement') + HOUR_MS, does: ({ arrange, standIns }) => {
      standIns.full.add('full-1')
      return tries('full school', () => arrange({ ...request, decision: { place: 'full-1' } }))
    } },
    { at: opens(calendar, 'arrangement') + 2 * HOUR_MS, does: ({ arrange }) => tries('no reason', () => arrange({ ...request, reason: '  ', decision: { place: 'public-1' } })) },
    { at: opens(calendar, 'arrangement') + 3 * HOUR_MS, does: ({ arrange }) => Promise.all([
      tries('one officer', () => arrange({ ...request, decision: { place: 'public-1' } })),
      tries('another officer', () => arrange({ officer: 'officer-2', reason: 'another view', decision: { place: 'public-2' } })),
    ]) },
  ]),
  life('decided about while the desk closes', (calendar) => [
    listed(calendar),
    { at: phaseById(calendar, 'bureau-desk').closesAt, does: async ({ arrange, child, standIns }) => {
      const { spreadMs } = settingOf({ season: child.season, child: child.id, timeline: calendar, technical: TECHNICAL })
      const due = phaseById(calendar, 'bureau-desk').closesAt + TECHNICAL.drainMs + TECHNICAL.graceMs + spreadMs
      await env.sleep(due - 700 - (await env.currentTimeMs()))
      standIns.slowUntil.set('slow-1', due + 1_500)
      return tries('last minute', () => arrange({ ...request, decision: { place: 'slow-1' } }))
    } },
  ]),
  life('registered in extra time', (calendar) => [
    listed(calendar),
    { at: opens(calendar, 'register') + HOUR_MS, does: ({ standIns }) => standIns.closesAt.set('register', phaseById(calendar, 'register').closesAt + 10 * HOUR_MS) },
    { at: phaseById(calendar, 'register').closesAt + 5 * HOUR_MS, does: ({ tell, child }) => tell(child.filed('information', 'register')) },
  ]),
]

/** Long lives in runs of some thirty events each. */
const LONG = LIVES.filter(({ name }) => ['private admitted', 'overdue at the district', 'withdrawn', 'vacancy applicant who moves'].includes(name))

let env: TestWorkflowEnvironment
let run: SeasonRun

beforeAll(async () => {
  env = await timeSkippingEnvironment()
  const bundle = await quietBundle(ENROLLMENT_WORKFLOW)
  const { timeline } = await loadPolicy('changchun-2022')
  run = await runSeason(env, bundle, timeline, [...DESK, ...LONG], { continueAfterEvents: 30 })
})
afterAll(() => env?.teardown())

const lived = (name: string) => {
  const there = run.lives.get(name)
  if (!there) throw new Error(`no life was called ${name}`)
  return there
}

describe('the desk’s update', () => {
  it('is refused for a child without a case', () => {
    expect(answers.get('no case')).toBe('no-open-case')
  })

  it('passes on the refusal of a full school, and the case stays open', () => {
    expect(answers.get('full school')).toBe('school-full')
    expect(lived('on the desk').end).toMatchObject({ kind: 'arranged' })
  })

  it('is refused without a reason', () => {
    expect(answers.get('no reason')).toBe('invalid-input')
  })

  it('lets one of two officers decide and tells the other that there is a seat', () => {
    expect([answers.get('one officer'), answers.get('another officer')]).toEqual(
      expect.arrayContaining([{ status: 'arranged', school: expect.stringMatching(/^public-[12]$/) }, 'already-seated']),
    )
    expect(run.standIns.commandsOf(lived('on the desk').child.id, 'arrange').filter(({ school }) => school !== 'full-1')).toHaveLength(1)
  })
})

describe('a desk that closes while its decision is carried out', () => {
  it('waits for the seat, so that the child does not end without the one it was given', () => {
    expect(answers.get('last minute')).toEqual({ status: 'arranged', school: 'slow-1' })
    expect(lived('decided about while the desk closes').end).toEqual({ kind: 'arranged', phase: 'bureau-desk', school: 'slow-1' })
  })
})

describe('an extended registration', () => {
  it('is noticed at the old deadline, so that who files in the extra time is registered', () => {
    expect(lived('registered in extra time').view.outcomes).toMatchObject({ register: 'filed', review: 'undecided' })
    expect(lived('registered in extra time').view.outcomes).not.toHaveProperty('register-on-site')
  })
})

describe('a workflow that continues as new every thirty events', () => {
  it.each(LONG.map(({ name }) => name))('brings "%s" to the same end', async (name) => {
    const { handle } = lived(name)
    const { events } = await handle.fetchHistory()
    const started = events?.[0]?.workflowExecutionStartedEventAttributes
    expect(started?.continuedExecutionRunId).toBeTruthy()
    expect(lived(name).end).toEqual({
      'private admitted': { kind: 'enrolled', route: 'lottery', round: 'private-admission', school: 'private-1' },
      'overdue at the district': { kind: 'arranged', phase: 'bureau-desk', school: 'public-3' },
      withdrawn: { kind: 'withdrawn', reason: 'moved-away' },
      'vacancy applicant who moves': { kind: 'enrolled', route: 'lottery', round: 'vacancy-admission', school: 'public-2' },
    }[name])
  })

  it('neither repeats nor loses an announcement across its runs', () => {
    const sequence = run.standIns.events.filter(({ event }) => event.child === lived('private admitted').child.id).map(({ event }) => event.sequence)
    expect(sequence).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('a child whose season has ended', () => {
  it('cannot be flagged any more', async () => {
    const { child } = lived('on the desk')
    const handle = env.client.workflow.getHandle(enrollmentWorkflowId(child.season, child.id))
    await expect(handle.signal(SIGNALS.flagForArrangement, { by: 'officer-1', reason: 'late' })).rejects.toBeInstanceOf(WorkflowNotFoundError)
  })
})
