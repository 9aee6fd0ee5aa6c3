import type { ChildFact } from '../../../contracts/facts.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import type { ChildId, SeasonId } from '../../../contracts/ids.js'
import { foldKnowledge } from '../../../policies/knowledge.js'
import { mayEnter } from '../../../policies/standing.js'
import { phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { factsOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow } from '../../../platform/windows/index.js'
import { entriesOf, membersWith, refuseChild, refuseSchools, standingEntry, type Entry } from '../domain/choosing.js'
import { unitOf } from '../domain/rounds/candidates.js'
import { stateChoices } from '../events/choices.js'
import { choicesOf, putChoices } from '../store/choices.js'
import type { Tx } from '../store/database.js'
import { lockPlaces } from '../store/places.js'
import { countSeats, schoolsOf } from '../store/schools.js'
import { vacanciesOf } from '../store/vacancies.js'
import { aboutChild, factsOfKnown, iso, phaseOf, type Allocation } from './allocation.js'

interface Wish {
  season: SeasonId
  child: ChildId
  schools: string[]
  /** The revision the caller saw. */
  seen?: number | undefined
  receivedAt: number
}

/** A choice, made or changed. */
export const choose = ({ database }: Allocation): Mounted =>
  implement(allocationEndpoints.choose, {
    about: aboutChild(database),
    handle: ({ params: { season, phase, child }, body, receivedAt, signal, remainingMs }) =>
      inTransaction(database, async (tx) => {
        const wish = { season, child, schools: body.schools, seen: body.revision, receivedAt }
        const entry = await record(tx, phase, wish)
        return { child, phase, schools: entry.schools, revision: entry.revision, receivedAt: iso(entry.receivedAt) }
      }, { signal, timeoutMs: remainingMs() }),
  })

async function record(tx: Tx, phaseId: string, wish: Wish): Promise<Entry> {
  const { season, child, receivedAt } = wish
  const { timeline, phase } = await phaseOf(tx, season, phaseId, 'choice')
  const facts = await factsOfKnown(tx, season, child)
  await lockOpenWindow(tx, season, phaseId, receivedAt)
  const refused = refuseChild(timeline, phaseId, foldKnowledge(timeline, facts)) ?? (await refuseOffer(tx, timeline, phase, wish))
  if (refused) throw refused
  const members = phase.twins === 'together' ? await sharing(tx, timeline, phaseId, wish, unitOf(timeline, facts)) : [child]
  await lockPlaces(tx, season, members)
  const known = await choicesOf(tx, season, phaseId, members)
  const standing = standingEntry([...known.values()])
  const repeated = refuseAmendment(phase, wish, known.get(child), standing)
  if (repeated) return repeated
  const entries = entriesOf(members, { schools: wish.schools, enteredFor: child, receivedAt }, known)
  await putChoices(tx, season, phaseId, entries)
  await stateChoices(tx, season, phaseId, entries, receivedAt)
  return entries.find((entry) => entry.child === child)!
}

async function refuseOffer(tx: Tx, timeline: Timeline, phase: TimelinePhaseOf<'choice'>, { season, schools }: Wish) {
  const known = new Map((await schoolsOf(tx, season)).map((school) => [school.id, school]))
  return refuseSchools(timeline, phase, schools, known, phase.offered === 'seats-left' ? await seatsLeft(tx, timeline, phase, { season, schools }) : new Map())
}

/** As the last publication of vacancies before the choice told; what it did not tell, as it is. */
async function seatsLeft(tx: Tx, timeline: Timeline, { opensAt }: TimelinePhaseOf<'choice'>, { season, schools }: Pick<Wish, 'season' | 'schools'>): Promise<Map<string, number>> {
  const telling = phasesOfKind(timeline, 'publication')
    .filter((phase) => phase.what === 'vacancies' && phase.opensAt <= opensAt)
    .toSorted((a, b) => a.opensAt - b.opensAt)
    .at(-1)
  const told = telling ? await vacanciesOf(tx, season, telling.id) : []
  const left = await countSeats(tx, season, schools)
  return new Map([...left, ...told].map(({ school, free }) => [school, free]))
}

/** The members of the child's unit for whom its entry stands too: those whom the phase may still ask. */
async function sharing(tx: Tx, timeline: Timeline, phase: string, { season, child }: Wish, unit: ChildFact['unit'] | undefined): Promise<ChildId[]> {
  const members: ChildId[] = []
  for (const member of membersWith(child, unit)) {
    if (member === child || mayEnter(timeline, phase, foldKnowledge(timeline, await factsOf(tx, season, member)), { absent: 'pending' }) !== 'no') {
      members.push(member)
    }
  }
  return members
}

/**
 * Judges an entry against the one that stands.
 * @returns the child's own entry if this is the same once more
 * @throws Problem `stale-revision`, `not-amendable`
 */
function refuseAmendment(phase: TimelinePhaseOf<'choice'>, wish: Wish, own: Entry | undefined, standing: Entry | undefined): Entry | undefined {
  const current = own?.revision ?? 0
  if (own && own.schools.join() === wish.schools.join() && (wish.seen === undefined || wish.seen === current - 1)) return own
  if (wish.seen !== undefined && wish.seen !== current) {
    throw problem('stale-revision', `The choice is at revision ${current}, not ${wish.seen}`, { particulars: { revision: current } })
  }
  if (standing && phase.amend === 'never') throw problem('not-amendable', `A choice in ${phase.id} cannot be changed`)
  if (standing && standing.receivedAt > wish.receivedAt) {
    throw problem('stale-revision', 'An entry received later stands', { particulars: { revision: current } })
  }
  return undefined
}
