import { verificationEndpoints } from '../../../contracts/http/verification.js'
import type { Caller } from '../../../contracts/roles.js'
import { factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { answerOnce } from '../../../platform/idempotency.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow } from '../../../platform/windows/index.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { decide, type Decision } from '../domain/decide.js'
import { caseFact } from '../domain/fact.js'
import { stateCase } from '../events/publish.js'
import { lockCase, saveDecision, type CaseKey } from '../store/cases.js'
import type { Tx } from '../store/database.js'
import { aboutCase } from './about-case.js'
import type { Room } from './room.js'

/** `decideCase`: see its contract. With an idempotency key a repeated request gets the first one's answer. */
export const decideCase = ({ database, timelines }: Room): Mounted =>
  implement(verificationEndpoints.decideCase, {
    about: ({ params }) => aboutCase(database, params),
    handle: async ({ params, body, caller, receivedAt, idempotencyKey, signal, remainingMs }) => {
      const { timeline, phase } = await timelines.phase(params.season, params.phase)
      if (phase.kind !== 'review') throw problem('wrong-step', `${phase.id} is answered by ${phase.by.join(', ')}`)
      return inTransaction(database, (tx) => {
        const once = () => decideOnce(tx, { timeline, phase, key: params, caller, receivedAt }, body)
        if (idempotencyKey === undefined) return once()
        return answerOnce(tx, `${params.child}/decide-${phase.id}/${caller.subject}/${idempotencyKey}`, once)
      }, { signal, timeoutMs: remainingMs() })
    },
  })

interface Turn {
  timeline: Timeline
  phase: TimelinePhaseOf<'review'>
  key: CaseKey
  caller: Caller
  receivedAt: number
}

async function decideOnce(tx: Tx, { timeline, phase, key, caller, receivedAt }: Turn, decision: Decision) {
  await lockOpenWindow(tx, key.season, key.phase, receivedAt)
  const theCase = await lockCase(tx, key)
  if (!theCase) throw problem('not-found', `There is no case of ${key.phase} for this child`)
  const facts = await factsOf(tx, key.season, key.child)
  const decided = decide({ timeline, phase, theCase, facts, caller, receivedAt }, decision)
  const revision = theCase.revision + 1
  await saveDecision(tx, theCase, decided, revision)
  const fact = caseFact(timeline, theCase, revision, { facts: decided.findings }, decided.outcome, decided.unmet)
  await stateCase(tx, decided.outcome === undefined ? 'case-stepped' : 'case-reviewed', fact, receivedAt)
  return { state: decided.state, revision, receivedAt: new Date(receivedAt).toISOString() }
}
