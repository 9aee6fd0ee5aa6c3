import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndState } from '../../contracts/enrollment.js'
import { loadPolicy } from '../../policies/load.js'
import { ENROLLMENT_WORKFLOW } from '../../workflows/enrollment/worker.js'
import { LIVES } from './lives.js'
import { runSeason, timeSkippingEnvironment, type LivedLife, type SeasonRun } from './run-season.js'
import { quietBundle } from '../support/temporal.js'

let env: TestWorkflowEnvironment
let run: SeasonRun

beforeAll(async () => {
  env = await timeSkippingEnvironment()
  const bundle = await quietBundle(ENROLLMENT_WORKFLOW)
  const { timeline } = await loadPolicy('changchun-2022')
  run = await runSeason(env, bundle, timeline, LIVES)
})
afterAll(() => env?.teardown())

const lived = (name: string): LivedLife => {
  const life = run.lives.get(name)
  if (!life) throw new Error(`no life was called ${name}`)
  return life
}
const papers = (name: string) =>
  run.standIns.commandsOf(lived(name).child.id, 'issuePaper').map(({ paper, phase, school, exchanges }) => `${paper} ${phase} ${school}${exchanges ? ', exchanged' : ''}`)
const cases = (name: string) => run.standIns.commandsOf(lived(name).child.id, 'openCase').map(({ phase }) => phase)
const told = (name: string) => run.standIns.statusesOf(lived(name).child.id)

const catchment: EndState = { kind: 'enrolled', route: 'catchment', round: 'zoning', school: 'public-1' }
const byDraw: EndState = { kind: 'enrolled', route: 'lottery', round: 'private-admission', school: 'private-1' }
const arranged: EndState = { kind: 'arranged', phase: 'arrangement', school: 'public-3' }

const ENDS: Record<string, EndState> = {
  'public ordinary': catchment,
  amended: catchment,
  'late on site': catchment,
  'never registered': arranged,
  'refused review': arranged,
  undecided: arranged,
  'placed after it asked': catchment,
  'private admitted': byDraw,
  'private lost': catchment,
  'winner who does not come': arranged,
  'winner at the public school': catchment,
  'vacancy applicant who moves': { kind: 'enrolled', route: 'lottery', round: 'vacancy-admission', school: 'public-2' },
  'own graduate': { kind: 'enrolled', route: 'direct', round: 'own-school-admission', school: 'nine-year-1' },
  twin: byDraw,
  'other twin': byDraw,
  withdrawn: { kind: 'withdrawn', reason: 'moved-away' },
  'flagged early': { kind: 'arranged', phase: 'arrangement', school: 'public-4' },
  'ended by the desk': { kind: 'ended', phase: 'arrangement', reason: 'enrolled-in-another-city' },
  'overdue at the district': { kind: 'arranged', phase: 'bureau-desk', school: 'public-3' },
}

describe('the season of Changchun 2022', () => {
  it.each(LIVES.map(({ name }) => name))('ends the life "%s" as its story says', (name) => {
    expect(lived(name).end).toEqual(ENDS[name])
    expect(lived(name).view.end).toEqual(ENDS[name])
  })

  it('tells each visible change of an ordinary child once, in order', () => {
    expect(told('public ordinary')).toEqual([
      'started: listed', 'status-changed: registered', 'status-changed: approved', 'status-changed: placed', 'status-changed: enrolled', 'ended: enrolled',
    ])
    const sequence = run.standIns.events.filter(({ event }) => event.child === lived('public ordinary').child.id).map(({ event }) => event.sequence)
    expect(sequence).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('acts on a result that comes after it asked when it comes, whenever the owner wants to be asked again', () => {
    expect(papers('placed after it asked')).toEqual(papers('public ordinary'))
  })

  it('opens the case of a check and of a review for whom they ask, and of nobody else', () => {
    expect(cases('public ordinary')).toEqual(['police-check', 'review'])
    expect(cases('own graduate')).toEqual(['police-check', 'review', 'own-school-review'])
    expect(cases('never registered')).toEqual([])
  })

  it('issues the place notice for a seat of the catchment round and the letter at check-in', () => {
    expect(papers('public ordinary')).toEqual(['place-notice place-notice public-1', 'admission-letter public-check-in public-1, exchanged'])
    expect(papers('private admitted')).toEqual(['place-notice place-notice public-1', 'admission-letter private-check-in private-1, exchanged'])
    expect(papers('vacancy applicant who moves').at(-1)).toBe('admission-letter vacancy-check-in public-2')
    expect(papers('never registered')).toEqual(['admission-letter arrangement public-3'])
  })

  it('learns the frozen form of a child that amended it fifty times without hearing of any edit', async () => {
    const { events } = await lived('amended').handle.fetchHistory()
    const signals = events?.filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal) ?? []
    expect(signals).toHaveLength(5)
    expect(JSON.stringify(events?.map(({ markerRecordedEventAttributes: marker }) => decoded(marker?.details)))).toContain('permit')
  })

  it('sends a child that missed its registration to the desk, with the cause', () => {
    const requested = run.standIns.events.find(({ name, event }) => name === 'arrangement-requested' && event.child === lived('never registered').child.id)
    expect(requested?.event.arrangement?.cause).toEqual({ outcome: 'missed', of: 'register-on-site' })
    expect(lived('never registered').view.outcomes).toMatchObject({ register: 'missed', 'register-on-site': 'missed', arrangement: 'placed' })
  })

  it('hands a case on to the city once the district is overdue', () => {
    expect(told('overdue at the district')).toEqual([
      'started: listed', 'arrangement-requested: awaiting-arrangement', 'arrangement-requested: awaiting-arrangement', 'arrangement-closed: arranged', 'ended: arranged',
    ])
    expect(lived('overdue at the district').view.outcomes).toMatchObject({ arrangement: 'overdue', 'bureau-desk': 'placed' })
  })

  it('releases the seats of a child that leaves and ends at once', async () => {
    expect(run.standIns.commandsOf(lived('withdrawn').child.id, 'release')).toEqual([{ child: lived('withdrawn').child.id, command: 'release', key: expect.stringMatching(/^c\w{25}\/release\/\d+$/) }])
    const { closeTime } = await lived('withdrawn').handle.describe()
    expect(closeTime?.getTime()).toBeLessThan(run.calendar.closesAt - 30 * DAY_MS)
  })

  it('keeps a history of at most 85 events for the ordinary child and 110 for the median of all lives', () => {
    const counts = [...run.lives.values()].map(({ name, events }) => ({ name, events }))
    const sorted = counts.map(({ events }) => events).sort((a, b) => a - b)
    process.stdout.write(`${counts.map(({ name, events }) => `${String(events).padStart(4)} events  ${name}`).join('\n')}\n`)
    expect(lived('public ordinary').events).toBeLessThanOrEqual(85)
    expect(lived('amended').events).toBeLessThanOrEqual(85)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(110)
    expect(sorted.at(-1)).toBeLessThanOrEqual(150)
  })
})

const DAY_MS = 86_400_000

function decoded(details: Record<string, { payloads?: { data?: Uint8Array | null }[] | null }> | null | undefined): string[] {
  return Object.values(details ?? {}).flatMap(({ payloads }) => (payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()))
}
