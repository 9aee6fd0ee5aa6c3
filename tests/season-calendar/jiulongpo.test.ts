import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { WorkflowBundleOption } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../policies/load.js'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { quietBundle } from '../support/temporal.js'
import { JIULONGPO_ENDS, JIULONGPO_LIVES } from './jiulongpo-lives.js'
import { runSeason, timeSkippingEnvironment, type LivedLife, type SeasonRun } from './run-season.js'

let env: TestWorkflowEnvironment
let bundle: WorkflowBundleOption
beforeAll(async () => {
  env = await timeSkippingEnvironment()
  bundle = await quietBundle(ENROLLMENT_WORKFLOW)
})
afterAll(() => env?.teardown())

describe.each(['jiulongpo-2023-primary', 'jiulongpo-2023-junior'])('the season of %s', (policy) => {
  let run: SeasonRun
  beforeAll(async () => {
    run = await runSeason(env, bundle, (await loadPolicy(policy)).timeline, JIULONGPO_LIVES)
  })
  const lived = (name: string): LivedLife => run.lives.get(name)!

  it.each([...JIULONGPO_ENDS.keys()])('ends the life "%s" as its story says', (name) => {
    expect(lived(name).end).toEqual(JIULONGPO_ENDS.get(name))
    expect(lived(name).view.end).toEqual(JIULONGPO_ENDS.get(name))
  })

  it.each([
    ['not matching, no seat nearby', { outcome: 'not-admitted', of: 'household-adjusted' }],
    ['refused at the review', { outcome: 'refused', of: 'household-review' }],
    ['never registered', { outcome: 'missed', of: 'household-late' }],
    ['special, left by its desk', { outcome: 'overdue', of: 'special-arrangement' }],
    ['of the district, does not report', { noSeat: true }],
  ])('tells the last desk what brought the child of the life "%s"', (name, cause) => {
    const told = run.standIns.events.filter(({ event }) => event.child === lived(name).child.id).flatMap(({ event: { arrangement } }) => arrangement ?? [])
    expect(told.at(-1)).toMatchObject({ phase: 'arrangement', cause })
  })

  it('tells that a deferred child leaves its desk without a seat', () => {
    expect(run.standIns.statusesOf(lived('disabled, deferred').child.id)).toEqual([
      'started: listed', 'status-changed: registered', 'status-changed: approved', 'arrangement-requested: awaiting-arrangement', 'arrangement-closed: ended', 'ended: ended',
    ])
  })

  it('tells why a closing or a desk ended a child when it does, not only when the season closes', () => {
    const told = (name: string) => run.standIns.events.filter(({ event }) => event.child === lived(name).child.id && event.status === 'ended').map(({ name: event, event: { ended, end } }) => [event, ended ?? end])
    expect(told('migrant, never applied')).toMatchObject([
      ['status-changed', { phase: 'no-application-by-migrant', reason: 'no-application' }], ['ended', { kind: 'ended', reason: 'no-application' }],
    ])
    expect(told('disabled, deferred')).toMatchObject([['arrangement-closed', { phase: 'disability-arrangement', way: 'deferral' }], ['ended', { kind: 'deferral' }]])
  })

  it('gives the admission letter to whoever has taken a seat up: confirmed it, reported, or was placed by a desk', () => {
    const letters = (name: string) => run.standIns.commandsOf(lived(name).child.id, 'issuePaper').map(({ paper, phase }) => `${paper} ${phase}`)
    expect(letters('wins the draw and confirms')).toEqual(['admission-letter converted-confirmation'])
    expect(letters('migrant, by purchase')).toEqual(['admission-letter public-check-in'])
    expect(letters('disabled, taught at home')).toEqual(['admission-letter disability-arrangement'])
    expect(letters('wins the draw and does not confirm')).not.toContain('admission-letter converted-confirmation')
  })

  it('gives no command of a paper for a child that a closing has ended, of which notification hears', () => {
    for (const name of ['migrant, never applied', 'migrant, does not report', 'migrant, no seat by points']) {
      expect(run.standIns.commandsOf(lived(name).child.id, 'issuePaper')).toEqual([])
    }
  })

  it('keeps a history of at most 110 events for the median of all lives and 150 for the longest', () => {
    const counts = [...run.lives.values()].map(({ name, events }) => ({ name, events })).toSorted((a, b) => a.events - b.events)
    process.stdout.write(`${counts.map(({ name, events }) => `${String(events).padStart(4)} events  ${policy}: ${name}`).join('\n')}\n`)
    expect(counts[Math.floor(counts.length / 2)]!.events).toBeLessThanOrEqual(110)
    expect(counts.at(-1)!.events).toBeLessThanOrEqual(150)
  })
})
