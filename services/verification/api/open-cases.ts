import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { ChildFact } from '../../../contracts/facts.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { factsOf, storeFacts } from '../../../platform/facts/index.js'
import { selectWindow, windowOf, type PhaseWindow } from '../../../platform/windows/read.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { atClose, type Case } from '../domain/case.js'
import { entryOf } from '../domain/entry.js'
import { placeKey, type Place } from '../domain/place.js'
import { firstState } from '../domain/turn.js'
import { insertCase, readCase } from '../store/cases.js'
import type { Tx } from '../store/database.js'
import { findPlace } from '../store/places.js'
import type { Room } from './room.js'

/** How long to wait for the word of a zone that a form already names. */
const ZONE_RETRY_MS = 500

/** `openCases`: see its contract. A case opened after the close begins as what silence made of it. */
export const openCases = ({ database, timelines, wakeInquiries }: Room): Mounted =>
  implement(verificationEndpoints.openCases, {
    handle: async ({ params: { season, phase: id, child }, body, receivedAt, signal, remainingMs }) => {
      const { timeline, phase } = await timelines.phase(season, id)
      requireOfChild(season, child, body.facts)
      const theCase = await inTransaction(database, async (tx) => {
        await storeFacts(tx, body.facts)
        const there = await readCase(tx, { season, child, phase: id })
        if (there) return there
        const window = await openedWindow(tx, season, id, receivedAt)
        return open(tx, { timeline, phase, window, season, child, receivedAt })
      }, { signal, timeoutMs: remainingMs() })
      if (theCase.state === 'open') wakeInquiries()
      return { state: theCase.state }
    },
  })

function requireOfChild(season: string, child: string, facts: readonly ChildFact[]): void {
  const faults = facts.flatMap((fact, index) =>
    (fact.season === season && fact.child === child ? [] : [{ at: `/body/facts/${index}`, message: 'is about another child or season' }]))
  if (faults.length > 0) throw problem('invalid-input', 'The facts are not about this child', { faults })
}

/** The window, locked against its close until this case is in. */
async function openedWindow(tx: Tx, season: string, phase: string, receivedAt: number): Promise<PhaseWindow> {
  const window = windowOf(await selectWindow(tx, season, phase, 'FOR SHARE'))
  if (receivedAt < window.opensAt) {
    throw problem('not-yet', `${phase} has not opened`, { retryAfterMs: Math.ceil(window.opensAt - receivedAt) })
  }
  return window
}

interface Opening {
  timeline: Timeline
  phase: TimelinePhaseOf<'check' | 'review'>
  window: PhaseWindow
  season: string
  child: string
  receivedAt: number
}

async function open(tx: Tx, { timeline, phase, window, season, child, receivedAt }: Opening): Promise<Case> {
  const facts = await factsOf(tx, season, child)
  const { allowed, explanation } = entryOf(timeline, phase, facts)
  if (allowed !== 'yes') throw problem('not-eligible', `${phase.id} does not ask this child`, { particulars: { allowed, explanation } })
  const place = await placeOf(tx, timeline, phase, season, facts)
  const theCase: Case = {
    season, child, phase: phase.id, kind: phase.kind, ...place,
    state: window.closed ? atClose(phase.kind) : firstState(phase, place.school),
    revision: 0, findings: {}, steps: [],
  }
  const questions = phase.kind === 'check' && !window.closed
    ? phase.by.flatMap((authority) => phase.answers.map((fact) => ({ authority, fact })))
    : []
  if (await insertCase(tx, theCase, receivedAt, questions)) return theCase
  return (await readCase(tx, theCase)) ?? theCase
}

async function placeOf(tx: Tx, timeline: Timeline, phase: TimelinePhaseOf<'check' | 'review'>, season: string, facts: ChildFact[]): Promise<Place> {
  const key = placeKey(timeline, phase, facts)
  const place = await findPlace(tx, season, key, facts.find((fact) => fact.aggregate === 'roster')?.district)
  if (place) return place
  throw problem('not-yet', 'The zone is not known here yet', { retryAfterMs: ZONE_RETRY_MS, particulars: { ...key } })
}
