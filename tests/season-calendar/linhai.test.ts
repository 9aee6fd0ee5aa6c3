import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndState } from '../../contracts/enrollment.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { runSeason, timeSkippingEnvironment, type Life, type SeasonRun, type Step } from './run-season.js'
import { quietBundle } from '../support/temporal.js'

const HOUR_MS = 3_600_000
type Make = (calendar: Timeline) => Step
const into = (phase: string, does: Step['does']): Make => (calendar) => ({ at: phaseById(calendar, phase).opensAt + HOUR_MS, does })
const after = (phase: string, does: Step['does']): Make => (calendar) => {
  const ended = phaseById(calendar, phase)
  return { at: (ended.publishAt ?? ended.closesAt) + 8_000, does }
}
const life = (name: string, ...steps: Make[]): Life => ({ name, steps: (calendar) => steps.map((make) => make(calendar)) })

const home = { 'home.address': 'a', 'papers.address': 'a', 'home.since': '2020-01-01' }
const drawn = { basis: 'open-draw', school: 'open-1' }
const zoned = { basis: 'zone-round', school: 'zoned-1' }

const listed: Make = (calendar) => ({ at: calendar.opensAt - HOUR_MS / 2, does: ({ tell, child }) => tell(child.listed({ resident: true })) })
const signsUp = into('sign-up', ({ tell, child }) => tell(child.filed('enrolment', 'sign-up', home)))
const chooses = into('open-choice', ({ tell, child }) => tell(child.chosen('open-choice', 'open-1')))
const isDrawn = after('open-draw', ({ tell, child }) => tell(child.place({ 'open-draw': 'admitted' }, [drawn])))
const isNotDrawn = after('open-draw', ({ tell, child }) => tell(child.place({ 'open-draw': 'not-admitted' }, [])))
const isApproved = into('papers-review', ({ tell, child }) => tell(child.case('papers-review', 'approved')))
const isZoned = after('zone-round', ({ tell, child }) => tell(child.place({ 'zone-round': 'admitted' }, [zoned])))
const comes = (seat: typeof drawn) => into('first-day', ({ tell, child }) => tell(child.place({ 'first-day': 'present' }, [], seat)))

/** Lives of the made-up city, whose phases come in another order; nothing but its file is new. */
const LIVES: Life[] = [
  life('drawn and confirmed', listed, signsUp, chooses, isDrawn,
    into('open-confirmation', ({ tell, child }) => tell(child.place({ 'open-confirmation': 'confirmed' }, [drawn]))),
    comes(drawn)),
  life('drawn and not confirmed', listed, signsUp, chooses, isDrawn,
    (calendar) => ({ at: phaseById(calendar, 'open-confirmation').closesAt + 1_000, does: ({ child }) => child.place({ 'open-confirmation': 'missed' }, []) }),
    isApproved, isZoned, comes(zoned)),
  life('not drawn', listed, signsUp, chooses, isNotDrawn, isApproved, isZoned, comes(zoned)),
  life('placed by nobody', listed),
]
const ENDS: Record<string, EndState> = {
  'drawn and confirmed': { kind: 'enrolled', route: 'lottery', round: 'open-draw', school: 'open-1' },
  'drawn and not confirmed': { kind: 'enrolled', route: 'catchment', round: 'zone-round', school: 'zoned-1' },
  'not drawn': { kind: 'enrolled', route: 'catchment', round: 'zone-round', school: 'zoned-1' },
  'placed by nobody': { kind: 'ended', phase: 'not-placed', reason: 'no-place-found' },
}

let env: TestWorkflowEnvironment
let run: SeasonRun
beforeAll(async () => {
  env = await timeSkippingEnvironment()
  const bundle = await quietBundle(ENROLLMENT_WORKFLOW)
  run = await runSeason(env, bundle, (await loadPolicy('linhai-2030')).timeline, LIVES)
})
afterAll(() => env?.teardown())

const childOf = (name: string) => run.lives.get(name)!.child.id

describe('the season of a made-up second city', () => {
  it.each(LIVES.map(({ name }) => name))('ends the life "%s" as its story says', (name) => {
    expect(run.lives.get(name)?.end).toEqual(ENDS[name])
  })

  it('asks no papers of the child that confirmed its place', () => {
    expect(run.standIns.commandsOf(childOf('drawn and confirmed'), 'openCase')).toEqual([])
    expect(run.standIns.commandsOf(childOf('not drawn'), 'openCase').map(({ phase }) => phase)).toEqual(['papers-review'])
  })

  it('ends the case of the child that the policy ends together with the child', () => {
    expect(run.standIns.statusesOf(childOf('placed by nobody'))).toEqual(['started: listed', 'arrangement-requested: awaiting-arrangement', 'ended: ended'])
    expect(run.standIns.events.findLast(({ event }) => event.child === childOf('placed by nobody'))?.event).not.toHaveProperty('arrangement')
  })
})
