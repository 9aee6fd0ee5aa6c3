import type { SeasonId } from '../../../contracts/ids.js'
import { effectOf, type Timeline, type TimelinePhase, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { factsOfMany } from '../../../platform/facts/index.js'
import { problem } from '../../../platform/problem.js'
import { stateChoices } from './choices.js'
import { settleTwins } from '../domain/choosing.js'
import { unitOf } from '../domain/rounds/candidates.js'
import { allChoices, putChoices } from '../store/choices.js'
import { databaseNow, type Tx } from '../store/database.js'
import { childrenWithOutcome, lockPlaces, statePlaces } from '../store/places.js'
import { roundOf } from '../store/rounds.js'
import { lastStepOf } from '../store/steps.js'
import { holdersOf, releaseSeats } from '../store/seats.js'

/** What the close of each kind of phase means here; runs in the transaction of the close. */
export async function onClose(tx: Tx, season: SeasonId, phaseId: string, timeline: Timeline): Promise<void> {
  const phase = timeline.phases.find((candidate) => candidate.id === phaseId)
  if (!phase) throw problem('unknown-phase', `Season ${season} has no phase ${phaseId}`)
  switch (phase.kind) {
    case 'choice':
      return settleChoices(tx, season, timeline, phase)
    case 'check-in':
    case 'confirmation':
      return waive(tx, season, phase)
    case 'round':
      return refuseUnpublished(tx, season, phase)
    default:
      return undefined
  }
}

/** The entry of either twin stands for both. */
async function settleChoices(tx: Tx, season: SeasonId, timeline: Timeline, phase: TimelinePhaseOf<'choice'>): Promise<void> {
  if (phase.twins !== 'together') return
  const known = await allChoices(tx, season, phase.id)
  const facts = await factsOfMany(tx, season, [...known.keys()])
  const units = new Map([...facts.values()].flatMap((of) => {
    const unit = unitOf(timeline, of)
    return unit ? [[unit.id, unit.members] as const] : []
  }))
  const entries = settleTwins([...units.values()], known)
  if (entries.length === 0) return
  await lockPlaces(tx, season, entries.map(({ child }) => child))
  await putChoices(tx, season, phase.id, entries)
  await stateChoices(tx, season, phase.id, entries, await databaseNow(tx))
}

/**
 * Who was asked and did not act has waived: it gives back what it holds from the phase's rounds, and what the policy
 * releases besides. Who came and still holds another seat of the phase gives that back too, and has missed nothing.
 */
async function waive(tx: Tx, season: SeasonId, phase: TimelinePhaseOf<'check-in' | 'confirmation'>): Promise<void> {
  const holders = await holdersOf(tx, season, phase.of)
  await lockPlaces(tx, season, holders)
  const acted = await childrenWithOutcome(tx, season, phase.id, holders)
  const silent = holders.filter((child) => !acted.has(child))
  const released = new Set([
    ...(await releaseSeats(tx, season, phase.kind === 'check-in' ? holders : silent, { held: phase.of })),
    ...(await releaseSeats(tx, season, silent, effectOf(phase, 'missed').releases ?? [])),
  ])
  const changes = holders
    .filter((child) => released.has(child))
    .map((child) => ({ child, ...(!acted.has(child) && { outcomes: { [phase.id]: 'missed' } }) }))
  await statePlaces(tx, season, changes, 'place-released', await databaseNow(tx))
}

/** A round has ended when its last result is out and no group is held back; its publication closes it. */
async function refuseUnpublished(tx: Tx, season: SeasonId, phase: TimelinePhase): Promise<void> {
  const round = await roundOf(tx, season, phase.id)
  const held = round && (await lastStepOf(tx, { season, phase: phase.id, run: round.run, supplement: round.supplement }))?.held.length
  if (round?.state !== 'published' || held) throw problem('not-yet', `The results of ${phase.id} are not published yet`, { retryAfterMs: 500 })
}
