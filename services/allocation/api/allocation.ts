import type { ChildFact } from '../../../contracts/facts.js'
import type { ChildId, PhaseId, SeasonId } from '../../../contracts/ids.js'
import type { About } from '../../../contracts/roles.js'
import type { PhaseKind } from '../../../policies/language.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { factOf, factsOf } from '../../../platform/facts/index.js'
import { problem } from '../../../platform/problem.js'
import { readSeason } from '../../../platform/windows/index.js'
import type { DrawTranscript, Implementation } from '../../../contracts/draw.js'
import type { RandomnessSource } from '../domain/draw/source.js'
import type { Database, Tx } from '../store/database.js'

/** What another implementation found wrong with a draw, by group. */
export interface SecondOpinion {
  by: Implementation
  wrong: ReadonlyMap<string, readonly string[]>
}

/** How draws are held in this installation. */
export interface Ceremony {
  engine: Implementation
  /** In the order of the commit. */
  sources: readonly RandomnessSource[]
  /** How many witnesses must reveal. */
  least: number
  witnessTimeoutMs: number
  commitWithinMs: number
  revealWithinMs: number
  /** The instant that goes into a transcript (ms): the database's clock, or in a rehearsal none. */
  now(tx: Tx): Promise<number>
  isRehearsal: boolean
  /** @throws if there is no second opinion to be had now */
  secondOpinion(transcript: DrawTranscript): Promise<SecondOpinion>
  /** A group is held back: somebody must look. */
  onHeld(): void
  /** A list is refused that could not be drawn: somebody must look. */
  onUndrawable(): void
}

/** What the endpoints of this service work with. */
export interface Allocation {
  database: Database
  ceremony: Ceremony
  /** Time for what works on a whole season at once: a freeze, a decision, a batch of results. */
  bulkTimeoutMs: number
}

/**
 * The season's timeline and one of its phases.
 * @throws Problem `unknown-season`, or `unknown-phase` if there is none of that kind
 */
export async function phaseOf<K extends PhaseKind>(
  tx: Tx,
  season: SeasonId,
  id: PhaseId,
  kind: K,
): Promise<{ timeline: Timeline; phase: TimelinePhaseOf<K> }> {
  const { timeline } = await readSeason(tx, season)
  const phase = timeline.phases.find((candidate): candidate is TimelinePhaseOf<K> => candidate.id === id && candidate.kind === kind)
  if (!phase) throw problem('unknown-phase', `Season ${season} has no ${kind} phase ${id}`)
  return { timeline, phase }
}

/**
 * All that is known of a child.
 * @throws Problem `unknown-child` if nothing is
 */
export async function factsOfKnown(tx: Tx, season: SeasonId, child: ChildId): Promise<ChildFact[]> {
  const facts = await factsOf(tx, season, child)
  if (facts.length === 0) throw problem('unknown-child', `Nothing is known of child ${child} in season ${season}`)
  return facts
}

/** Whose matter a request about a child is: its guardian's and its district's, as the roster says. */
export const aboutChild =
  (database: Database) =>
  async ({ params }: { params: { season: SeasonId; child: ChildId } }): Promise<About> => {
    const roster = await factOf(database, params.season, params.child, 'roster', 'roster')
    return { guardian: roster?.guardian, district: roster?.district }
  }

export const iso = (at: number): string => new Date(at).toISOString()
