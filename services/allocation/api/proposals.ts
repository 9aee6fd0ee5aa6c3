import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { Verdict } from '../../../contracts/residual.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { allowStatements, type Tx } from '../store/database.js'
import { lockPlaces } from '../store/places.js'
import { insertVerdicts, pageOfProposals, verdictsOf, withdrawProposals } from '../store/proposals.js'
import { anyPublished } from '../store/publications.js'
import { roundOf } from '../store/rounds.js'
import { phaseOf, type Allocation } from './allocation.js'

/** What a decided residual round proposes, by child. */
export const listProposals = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.listProposals, {
    handle: async ({ params: { season, phase }, query: { limit, cursor } }) => {
      await residualRound(database, season, phase)
      const rows = await pageOfProposals(database, season, phase, { after: cursor ?? '', limit: limit + 1 })
      const proposals = rows.slice(0, limit).map(({ verdict, ...proposal }) => ({ ...proposal, ...(verdict && { verdict }) }))
      const last = proposals.at(-1)
      return { proposals, ...(rows.length > limit && last && { next: last.child }) }
    },
  })

/** What an officer says to proposals. */
interface Judgement {
  verdict: Verdict
  children: readonly ChildId[] | 'all'
  reason?: string | undefined
  officer: string
}

/** Approves or refuses proposals before their results are public; the same said again changes nothing. */
export const judgeProposals = ({ database, bulkTimeoutMs }: Allocation): Mounted =>
  implement(allocationEndpoints.judgeProposals, {
    timeoutMs: bulkTimeoutMs,
    handle: ({ params: { season, phase }, body, caller, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        await allowStatements(tx, remainingMs())
        return judge(tx, season, phase, { ...body, officer: caller.subject })
      }, { signal, timeoutMs: remainingMs() }),
  })

async function judge(tx: Tx, season: SeasonId, phaseId: PhaseId, judgement: Judgement) {
  await residualRound(tx, season, phaseId, 'FOR UPDATE')
  if (await anyPublished(tx, season, phaseId)) throw problem('round-conflict', `The results of ${phaseId} are public; what nobody refused was approved`)
  const news = await openAmong(tx, season, phaseId, judgement)
  if (judgement.verdict === 'refused') {
    await lockPlaces(tx, season, news)
    await withdrawProposals(tx, season, phaseId, news)
  }
  await insertVerdicts(tx, season, phaseId, news, { verdict: judgement.verdict, officer: judgement.officer, reason: judgement.reason })
  const all = await verdictsOf(tx, season, phaseId, 'all')
  const count = (given: Verdict | null) => all.filter(({ verdict }) => verdict === given).length
  return { approved: count('approved'), refused: count('refused'), open: count(null) }
}

/**
 * The children of a judgement about whom nothing has been said; of all, those are approved that nobody refused.
 * @throws Problem `unknown-child`, `already-decided`
 */
async function openAmong(tx: Tx, season: SeasonId, phase: PhaseId, { verdict, children }: Judgement): Promise<ChildId[]> {
  const known = await verdictsOf(tx, season, phase, children)
  if (children !== 'all') {
    const stands = new Map(known.map((row) => [row.child, row.verdict]))
    const unknown = children.find((child) => !stands.has(child))
    if (unknown) throw problem('unknown-child', `${phase} proposes no school for ${unknown}`)
    const decided = children.find((child) => (stands.get(child) ?? verdict) !== verdict)
    if (decided) throw problem('already-decided', `The proposal for ${decided} is ${stands.get(decided)}`)
  }
  return known.filter((row) => row.verdict === null).map(({ child }) => child)
}

/**
 * A residual round that has been decided.
 * @throws Problem `unknown-phase`, `round-conflict`
 */
async function residualRound(tx: Tx, season: SeasonId, phaseId: PhaseId, lock: '' | 'FOR UPDATE' = ''): Promise<void> {
  const { phase } = await phaseOf(tx, season, phaseId, 'round')
  if (phase.method !== 'residual') throw problem('unknown-phase', `${phaseId} proposes nothing`)
  const round = await roundOf(tx, season, phaseId, lock)
  if (!round || round.state === 'frozen' || round.state === 'void') throw problem('round-conflict', `${phaseId} is not decided yet`)
}
