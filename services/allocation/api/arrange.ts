import type { ChildFact, SeatedWay } from '../../../contracts/facts.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { inGroup } from '../../../policies/conditions.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { factOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { answerOnce } from '../../../platform/idempotency.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import type { Tx } from '../store/database.js'
import { lockPlaces, statePlaces } from '../store/places.js'
import { pendingRoundOf } from '../store/rounds.js'
import { schoolOf } from '../store/schools.js'
import { releaseSeats, takeFreeSeat } from '../store/seats.js'
import { arrangementOf, insertArrangement } from '../store/visits.js'
import { factsOfKnown, phaseOf, type Allocation } from './allocation.js'
import { refuseSecondSeat } from './check-in.js'

interface Arrangement {
  season: string
  child: string
  phase: string
  school: string
  way?: SeatedWay | undefined
  officer: string
  reason: string
}

/** The desk gives a child a real vacancy, in one of its ways if it names one. The same again, by its key or by what stands, answers the same. */
export const arrange = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.arrange, {
    handle: ({ params, body, idempotencyKey, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        const make = () => give(tx, { ...params, ...body }, receivedAt)
        return { fact: await (idempotencyKey === undefined ? make() : answerOnce(tx, idempotencyKey, make)) }
      }, { signal, timeoutMs: remainingMs() }),
  })

async function give(tx: Tx, wanted: Arrangement, at: number): Promise<ChildFact> {
  const { season, child, school } = wanted
  const { timeline, phase } = await phaseOf(tx, season, wanted.phase, 'arrangement')
  const facts = await factsOfKnown(tx, season, child)
  await lockPlaces(tx, season, [child])
  const before = await arrangementOf(tx, season, phase.id, child)
  if (before?.school === school && before.way === wanted.way) return standingPlace(tx, season, child)
  if (foldKnowledge(timeline, facts).withdrawn) throw problem('withdrawn', 'The child has left the season')
  refuseWay(phase, wanted.way)
  await refuseSchool(tx, timeline, phase, wanted)
  await refusePending(tx, season, child)
  await refuseSecondSeat(tx, season, child)
  if (!(await takeFreeSeat(tx, wanted))) throw problem('school-full', `${school} has no seat left`)
  await releaseSeats(tx, season, [child], 'held')
  await insertArrangement(tx, wanted)
  const [fact] = await statePlaces(tx, season, [{ child, outcomes: { [phase.id]: 'placed' } }], 'child-arranged', at)
  return fact!
}

/** A child on a frozen list may be about to get a seat there: the desk waits for that result. */
async function refusePending(tx: Tx, season: string, child: string): Promise<void> {
  const round = await pendingRoundOf(tx, season, child)
  if (round !== undefined) throw problem('round-conflict', `${round} is deciding about this child; its result comes first`)
}

function refuseWay({ id, ways }: TimelinePhaseOf<'arrangement'>, way: SeatedWay | undefined): void {
  if (way !== undefined && !ways.includes(way)) throw problem('way-not-offered', `${id} has no ${way}`)
}

async function refuseSchool(tx: Tx, timeline: Timeline, phase: TimelinePhaseOf<'arrangement'>, { season, school }: Arrangement): Promise<void> {
  const known = await schoolOf(tx, season, school)
  if (!known) throw problem('unknown-school', `There is no school ${school}`)
  if (!phase.seats.some((group) => inGroup(timeline, group, known.facts))) {
    throw problem('choice-not-offered', `${phase.id} gives no seats of ${school}`)
  }
}

async function standingPlace(tx: Tx, season: string, child: string): Promise<ChildFact> {
  const fact = await factOf(tx, season, child, 'place', 'place')
  if (!fact) throw new Error(`The place of ${child} has been arranged and never stated`)
  return fact
}
