import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_TIMES } from '../../cli/platform/environment.js'
import type { Platform } from '../../cli/platform/start.js'
import { connect } from '../../cli/rehearsal/actors/stage.js'
import { castFamilies, type Family } from '../../cli/rehearsal/families.js'
import { rehearsePolicy, type RehearsalReport } from '../../cli/rehearsal/report.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { loadPolicy } from '../../policies/load.js'
import { Problem } from '../../platform/problem.js'
import { phaseOf, phaseOpens, type PhaseView } from './calendar.js'
import { guardianOf, type Guardian } from './guardian.js'
import { platformForTests } from './platform.js'
import { recordOf, type SeasonRecord } from './record.js'
import { callWitnesses, type Ends, type Witnesses } from './witnesses.js'

const SEASON = 'changchun-2022'
const CHILDREN = 60
/** Windows long enough to be without the workers or the bridge for a while, and for an extension to be noticed. */
const SECONDS = 120
const SEED = 11

let platform: Platform
let families: Family[]
let witnesses: Witnesses
let report: RehearsalReport
let record: SeasonRecord
const over = new AbortController()

/** What happened at the deadlines of the one season that all tests here look at. */
let withoutWorkers: Awaited<ReturnType<typeof closeWithoutWorkers>>
let withoutBridge: Awaited<ReturnType<typeof chooseWithoutBridge>>
let extended: Awaited<ReturnType<typeof extendCheckIn>>
let lastMoment: Awaited<ReturnType<typeof extendAtTheLastMoment>>

beforeAll(async () => {
  families = castFamilies((await loadPolicy(SEASON)).timeline, CHILDREN, SEED).families
  platform = await platformForTests({ seed: SEED })
  witnesses = await callWitnesses(platform, SEASON)
  const rehearsal = rehearsePolicy(platform, { policy: SEASON, children: CHILDREN, seconds: SECONDS, seed: SEED, signal: over.signal })
  const disturbances = async () => {
    withoutWorkers = await closeWithoutWorkers()
    withoutBridge = await chooseWithoutBridge()
    extended = await extendCheckIn()
    lastMoment = await extendAtTheLastMoment()
  }
  ;[report] = await Promise.all([rehearsal, disturbances()])
  record = await recordOf(platform, SEASON)
}, 400_000)

afterAll(async () => {
  over.abort()
  await witnesses?.close()
  await platform?.stop()
}, 120_000)

const until = (instant: number) => sleep(Math.max(0, instant - Date.now()))
const iso = (instant: number): string => new Date(instant).toISOString()
const closing = ({ closesAt }: PhaseView): number => Date.parse(closesAt)
const everywhere = (instant: number): Ends => ({ owner: iso(instant), workflow: iso(instant), console: iso(instant) })
/** The answer, or the problem with which it was refused. */
const answerTo = <T>(call: Promise<T>): Promise<T | Problem> =>
  call.catch((error: unknown) => { if (error instanceof Problem) return error; throw error })
const living = (life: Family['life']): Promise<Guardian[]> =>
  Promise.all(families.filter((family) => family.life === life).map((family) => guardianOf(platform, SEASON, family)))

async function extend(phase: string, closesAt: number) {
  const token = await platform.issuer.sign({ subject: 'bureau', role: 'city' }, 60)
  const asked = { token, params: { season: SEASON, phase }, body: { closesAt: iso(closesAt), reason: 'storm' } }
  return answerTo(connect(platform.addresses).console.extendPhase(asked))
}

async function closeWithoutWorkers() {
  const closesAt = closing(await phaseOpens(platform, SEASON, 'register'))
  const ordinary = await living('ordinary')
  const [punctual, tardy] = [ordinary.slice(0, 5), ordinary.slice(5, 10)]
  await until(closesAt - 1_500)
  const workers = platform.stack.server('workers')
  await workers.kill('SIGKILL')
  await until(closesAt - 500)
  const inTime = await Promise.all(punctual.map((guardian) => answerTo(guardian.moveTo('2-202'))))
  await until(closesAt + 1)
  const late = await Promise.all(tardy.map((guardian) => answerTo(guardian.moveTo('3-303'))))
  await until(closesAt + LOCAL_TIMES.drainMs + 1_000)
  const whileAway = await phaseOf(platform, SEASON, 'register')
  const backAt = Date.now()
  await workers.restart()
  const closedAt = await waitUntil('register to be closed', async () => {
    const { closed } = await phaseOf(platform, SEASON, 'register')
    if (!closed) throw new Error('register is not closed')
    return Date.parse(closed.closedAt)
  })
  const [kept, left] = await Promise.all([punctual, tardy].map((some) => Promise.all(some.map(({ form }) => form()))))
  return { closesAt, inTime, late, whileAway, backAt, closedAt, kept: kept!, left: left! }
}

async function chooseWithoutBridge() {
  await until(closing(await phaseOpens(platform, SEASON, 'own-school-review')))
  const bridge = platform.stack.server('bridge')
  await bridge.kill('SIGKILL')
  const closesAt = closing(await phaseOpens(platform, SEASON, 'private-choice'))
  const round = await phaseOf(platform, SEASON, 'private-admission')
  const applicant = families.find(({ life }) => life === 'private-quiet')!
  const guardian = await guardianOf(platform, SEASON, applicant)
  await until(closesAt + 1)
  const [late, extension] = await Promise.all([
    answerTo(guardian.choose(applicant.applyTo!)),
    extend('private-choice', Math.min(closesAt + 300, Date.parse(round.opensAt))),
  ])
  const ends = await witnesses.endsOf('private-choice')
  await bridge.restart()
  return { closesAt, late, extension, ends }
}

/** A child that could have come to two schools and has come to neither comes in the extra time. */
async function extendCheckIn() {
  const phase = 'public-check-in'
  const was = closing(await phaseOpens(platform, SEASON, phase))
  const stayingAway = await living('winner-stays-away')
  const to = Date.parse((await phaseOf(platform, SEASON, 'vacancies')).opensAt)
  await until(was - 700)
  const answer = await extend(phase, to)
  const ends = await agreed(phase)
  const { child, school } = await holderOf(stayingAway)
  const next = await waitUntil('the child’s workflow to ask at the old end', async () => {
    const view = await witnesses.child(child)
    if (view.next?.phase !== phase || view.next.at === was) throw new Error(JSON.stringify(view.next))
    return view.next
  }, { timeoutMs: to - Date.now(), pauseMs: 50 })
  const token = await platform.issuer.sign({ subject: 'desk', role: 'school', school }, 60)
  const came = await answerTo(connect(platform.addresses).allocation.checkIn({ token, params: { season: SEASON, phase, child }, body: { school } }))
  return { to, answer, ends, next, child, came }
}

/** Who still holds a seat of its zone, and where. */
async function holderOf(guardians: readonly Guardian[]): Promise<{ child: string; school: string }> {
  for (const { child, place } of guardians) {
    const seat = (await place()).held.find(({ basis }) => basis === 'zoning')
    if (seat) return { child, school: seat.school }
  }
  throw new Error('everybody has come')
}

/** What all say, once the console has heard of it. */
const agreed = (phase: string): Promise<Ends> =>
  waitUntil(`one answer about ${phase}`, async () => {
    const ends = await witnesses.endsOf(phase)
    if (new Set(Object.values(ends)).size > 1) throw new Error(JSON.stringify(ends))
    return ends
  })

async function extendAtTheLastMoment() {
  const was = closing(await phaseOpens(platform, SEASON, 'vacancy-check-in'))
  const to = was + 500
  await until(was - 1)
  const answer = await extend('vacancy-check-in', to)
  return { was, to, answer, ends: await agreed('vacancy-check-in') }
}

describe('a registration that closes while no worker runs', () => {
  it('takes everything that came in time and refuses what came late with the instant of closing', () => {
    const { inTime, late, closesAt } = withoutWorkers
    expect(inTime).toEqual(Array(5).fill(expect.objectContaining({ phase: 'register', revision: 2 })))
    expect(late).toEqual(Array(5).fill(expect.objectContaining({ type: 'window-closed', closesAt: iso(closesAt) })))
  })

  it('is closed when a worker is back, with all that came in time', () => {
    const { whileAway, backAt, closedAt, kept, left } = withoutWorkers
    const standing = (room: string) => expect.objectContaining({ frozen: true, answers: expect.objectContaining({ 'household.address': expect.objectContaining({ room }) }) })
    expect(whileAway.state).toBe('ended')
    expect(closedAt).toBeGreaterThan(backAt)
    expect(kept).toEqual(Array(5).fill(standing('2-202')))
    expect(left).toEqual(Array(5).fill(standing('')))
  })
})

describe('a private registration while the bridge is down', () => {
  it('refuses nobody who is on time, and everybody takes part in the round', () => {
    const applicants = families.filter(({ plan: { applies, twins }, twin = -1, index }) =>
      (applies === 'crowded' || applies === 'quiet') && (twins !== 'together' || twin > index))
    const childIn = (line: string) => line.split(' ')[1]
    const chosen = record.acts.filter((act) => /^choice \S+ private-choice /.test(act)).map(childIn)
    const decided = record.rounds.filter((line) => /^private-admission \S+ (not-)?admitted/.test(line)).map(childIn)
    expect(chosen).toHaveLength(applicants.length)
    expect(decided).toEqual(expect.arrayContaining(chosen))
  })

  it('refuses who is late with the instant of closing', () => {
    expect(withoutBridge.late).toMatchObject({ type: 'window-closed', closesAt: iso(withoutBridge.closesAt) })
  })
})

describe('an extension', () => {
  it('asked a millisecond after the end is refused, and the end stands everywhere', () => {
    const { closesAt, extension, ends } = withoutBridge
    expect(extension).toMatchObject({ type: 'extension-refused', detail: expect.stringContaining('has ended') })
    expect(ends).toEqual(everywhere(closesAt))
  })

  it('asked before the end moves it everywhere, and who comes in the extra time is in', () => {
    const { to, answer, ends, next, child, came } = extended
    expect(answer).toEqual({ phase: 'public-check-in', closesAt: iso(to) })
    expect(ends).toEqual(everywhere(to))
    expect(next).toEqual({ phase: 'public-check-in', boundary: 'closes', at: to })
    expect(came).toMatchObject({ child, basis: 'zoning' })
    expect(record.ends.find((line) => line.startsWith(`${child} {`))).toContain('"round": "zoning"')
  })

  it('asked a millisecond before the end has one answer everywhere, whichever it is', () => {
    const { was, to, answer, ends } = lastMoment
    expect(ends).toEqual(everywhere(answer instanceof Problem ? was : to))
  })
})

describe('the season of all this', () => {
  it('ends with an audit that holds and an end for every child', () => {
    expect(report.audit.violations).toEqual([])
    expect(report.missing).toEqual([])
    expect(report.outcomes['open']).toBeUndefined()
  })
})
