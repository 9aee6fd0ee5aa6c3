import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_TIMES } from '../../cli/platform/environment.js'
import type { Platform } from '../../cli/platform/start.js'
import { connect } from '../../cli/rehearsal/actors/stage.js'
import type { Family } from '../../cli/rehearsal/families.js'
import { waitUntil } from '../../infra/stack/wait.js'
import { Problem } from '../../platform/problem.js'
import { phaseOf, phaseOpens, type PhaseView } from './calendar.js'
import type { Faults } from './faults.js'
import { guardianOf, type Guardian } from './guardian.js'
import { callWitnesses, type Ends, type Witnesses } from './witnesses.js'

export const SEASON = 'changchun-2022'

/** Where a scenario is played. */
interface Scene {
  platform: Platform
  families: readonly Family[]
  faults: Faults
  witnesses: Witnesses
}

/** What people of the test's own saw at the deadlines of a season. */
export interface Seen {
  registration: Awaited<ReturnType<typeof registrationCloses>>
  choice: Awaited<ReturnType<typeof choiceCloses>>
  checkIn: Awaited<ReturnType<typeof checkInIsExtended>>
  lastMoment: Awaited<ReturnType<typeof extendedAtTheLastMoment>>
}

/**
 * What happens beside a rehearsal of Changchun: at its deadlines somebody acts at the last moment and too late, and
 * everything that can be killed is, some at the opening of a phase when all are busy, some throughout a deadline.
 */
export async function playDeadlines(platform: Platform, families: readonly Family[], faults: Faults): Promise<Seen> {
  const witnesses = await callWitnesses(platform, SEASON)
  const scene = { platform, families, faults, witnesses }
  try {
    return {
      registration: await registrationCloses(scene),
      choice: await choiceCloses(scene),
      checkIn: await checkInIsExtended(scene),
      lastMoment: await extendedAtTheLastMoment(scene),
    }
  } finally {
    await witnesses.close()
  }
}

/** Without workers, so that nobody closes it in time. */
async function registrationCloses({ platform, families, faults }: Scene) {
  const closesAt = closing(await phaseOpens(platform, SEASON, 'register'))
  const ordinary = await guardians(platform, families, 'ordinary')
  const [punctual, tardy] = [ordinary.slice(0, 4), ordinary.slice(4, 8)]
  await until(closesAt - 1_500)
  await faults.down('workers')
  await until(closesAt - 500)
  const inTime = await Promise.all(punctual.map((guardian) => answerTo(guardian.moveTo('2-202'))))
  await until(closesAt + 1)
  const late = await Promise.all(tardy.map((guardian) => answerTo(guardian.moveTo('3-303'))))
  await until(closesAt + LOCAL_TIMES.drainMs + 1_000)
  const backAt = Date.now()
  await faults.up('workers')
  const closedAt = await waitUntil('register to be closed', async () => {
    const { closed } = await phaseOf(platform, SEASON, 'register')
    if (!closed) throw new Error('register is not closed')
    return Date.parse(closed.closedAt)
  })
  const [kept, left] = await Promise.all([punctual, tardy].map((some) => Promise.all(some.map(({ form }) => form()))))
  return { closesAt, inTime, late, backAt, closedAt, kept: kept!, left: left! }
}

/** Without the bridge from before it opens until it has closed, and the service that takes the choices is killed too. */
async function choiceCloses({ platform, families, faults, witnesses }: Scene) {
  await until(closing(await phaseOpens(platform, SEASON, 'own-school-review')))
  await faults.down('bridge')
  const closesAt = closing(await phaseOpens(platform, SEASON, 'private-choice'))
  await faults.down('allocation')
  await faults.up('allocation')
  const round = await phaseOf(platform, SEASON, 'private-admission')
  const applicant = families.find(({ life }) => life === 'private-quiet')!
  const guardian = await guardianOf(platform, SEASON, applicant)
  await until(closesAt + 1)
  const [late, extension] = await Promise.all([
    answerTo(guardian.choose(applicant.script.choices['private-choice']!.schools[0]!)),
    extend(platform, 'private-choice', Math.min(closesAt + 300, Date.parse(round.opensAt))),
  ])
  const ends = await witnesses.endsOf('private-choice')
  await faults.up('bridge')
  return { closesAt, late, extension, ends }
}

/** Of the children that hold two seats and have come to neither school, one comes in the extra time and one never. */
async function checkInIsExtended({ platform, families, faults, witnesses }: Scene) {
  const phase = 'public-check-in'
  const was = closing(await phaseOpens(platform, SEASON, phase))
  await faults.down('kafka')
  await faults.up('kafka')
  const stayingAway = await guardians(platform, families, 'winner-stays-away')
  const to = Date.parse((await phaseOf(platform, SEASON, 'vacancies')).opensAt)
  await until(was - 700)
  const [coming, never] = await holders(stayingAway)
  const answer = await extend(platform, phase, to)
  await until(was + 1)
  const came = await answerTo(checkIn(platform, phase, coming!))
  const ends = await agreed(witnesses, phase)
  const heard = await waitUntil('the child’s workflow to hear of it', async () => {
    const { next, outcomes } = await witnesses.child(never!.child)
    // At the old end it asks, and is told the new one; if it asks too late, that the phase is over.
    if (next?.phase === phase && next.at > was) return next.at
    if (phase in outcomes) return Date.now()
    throw new Error('it still holds the old end for the end')
  }, { pauseMs: 50 })
  return { to, answer, ends, heard, came, child: coming!.child }
}

async function extendedAtTheLastMoment({ platform, faults, witnesses }: Scene) {
  await phaseOpens(platform, SEASON, 'vacancy-choice')
  await faults.down('temporal')
  await faults.up('temporal')
  const phase = 'vacancy-check-in'
  const was = closing(await phaseOpens(platform, SEASON, phase))
  const to = was + 500
  await until(was - 1)
  const answer = await extend(platform, phase, to)
  return { was, to, answer, ends: await agreed(witnesses, phase) }
}

const until = (instant: number) => sleep(Math.max(0, instant - Date.now()))
const closing = ({ closesAt }: PhaseView): number => Date.parse(closesAt)

/** The answer, or the problem with which it was refused. */
const answerTo = <T>(call: Promise<T>): Promise<T | Problem> =>
  call.catch((error: unknown) => { if (error instanceof Problem) return error; throw error })

const guardians = (platform: Platform, families: readonly Family[], life: Family['life']): Promise<Guardian[]> =>
  Promise.all(families.filter((family) => family.life === life).map((family) => guardianOf(platform, SEASON, family)))

async function extend(platform: Platform, phase: string, closesAt: number) {
  const token = await platform.issuer.sign({ subject: 'bureau', role: 'city' }, 60)
  const asked = { token, params: { season: SEASON, phase }, body: { closesAt: new Date(closesAt).toISOString(), reason: 'storm' } }
  return answerTo(connect(platform.addresses).console.extendPhase(asked))
}

interface Holder {
  child: string
  school: string
}

/** Who still holds a seat of its zone, and where. */
async function holders(all: readonly Guardian[]): Promise<Holder[]> {
  const places = await Promise.all(all.map(({ place }) => place()))
  return places.flatMap(({ child, held }) => held.filter(({ basis }) => basis === 'zoning').map(({ school }) => ({ child, school })))
}

async function checkIn(platform: Platform, phase: string, { child, school }: Holder) {
  const token = await platform.issuer.sign({ subject: 'desk', role: 'school', school }, 60)
  return connect(platform.addresses).allocation.checkIn({ token, params: { season: SEASON, phase, child }, body: { school } })
}

/** What all say of a phase's end, once the console has heard of what was accepted. */
const agreed = (witnesses: Witnesses, phase: string): Promise<Ends> =>
  waitUntil(`one answer about ${phase}`, async () => {
    const ends = await witnesses.endsOf(phase)
    if (new Set(Object.values(ends)).size > 1) throw new Error(JSON.stringify(ends))
    return ends
  })
