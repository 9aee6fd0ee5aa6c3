import { phasesOfKind, publishAtOf, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Family } from '../families.js'
import type { Papers } from '../script.js'
import { resultsOut } from './results.js'
import { everyPage } from '../../everyPage.js'
import { attempt, each, lastCall, pause, type Stage } from './stage.js'

const LOOK_AGAIN_MS = 300

type Review = TimelinePhaseOf<'review'>
type Case = Awaited<ReturnType<Stage['apis']['verification']['listCases']>>['cases'][number]

interface Office {
  role: 'school' | 'district'
  id: string
}

/** Reviewers work through the cases on their desks until the window is nearly over. */
export async function review(stage: Stage, phase: Review): Promise<void> {
  const families = new Map(stage.families.map((family) => [family.child, family]))
  const offices: Office[] = [
    ...(phase.by.includes('school') ? stage.catalogue.schools.map(({ id }) => ({ role: 'school' as const, id })) : []),
    ...stage.catalogue.districts.map(({ id }) => ({ role: 'district' as const, id })),
  ]
  const stopAt = lastCall(phase)
  while (Date.now() < stopAt && !stage.signal.aborted) {
    await each(stage, offices, (office) => workThrough(stage, phase, office, families, stopAt))
    await pause(LOOK_AGAIN_MS)
  }
}

async function workThrough(stage: Stage, phase: Review, office: Office, families: Map<string | undefined, Family>, stopAt: number): Promise<void> {
  const token = await stage.identity.staff({ subject: `reviewer-${office.id}`, role: office.role, [office.role]: office.id })
  const state = office.role === 'school' ? ('at-school' as const) : ('at-district' as const)
  const listed = await attempt(stage, stopAt, () =>
    stage.apis.verification.listCases({ token, params: { season: stage.season }, query: { phase: phase.id, state, limit: 500 } }),
  )
  const brought = (listed?.cases ?? []).filter((one) => bringsPapers(families.get(one.child)) && !waitsForAuthorities(stage, phase, one, families.get(one.child)))
  await each(stage, brought, (one) => decide(stage, phase, token, one, families.get(one.child), stopAt))
}

/** Who is leaving the city, or waits for the desk, brings no papers: else it were chance who is first. */
const bringsPapers = (family: Family | undefined): boolean => family !== undefined && family.script.papers !== 'none'

/** Share of a review after which a school goes by the papers alone, where authorities have not answered by then. */
const PATIENCE = 0.75

/** While authorities may still answer, a school decides only what it knows, or what papers alone can show. */
function waitsForAuthorities({ timeline }: Stage, phase: Review, one: Case, family: Family | undefined): boolean {
  if (family?.script.papers !== 'none' && family?.script.papers[phase.id]) return false
  const mayAnswer = phasesOfKind(timeline, 'check').some(({ opensAt, closesAt }) => opensAt < phase.closesAt && phase.opensAt < closesAt)
  const isPatient = Date.now() < phase.opensAt + (phase.closesAt - phase.opensAt) * PATIENCE
  return mayAnswer && isPatient && one.rules.some(({ value }) => value === 'unknown')
}

async function decide(stage: Stage, phase: Review, token: string, one: Case, family: Family | undefined, stopAt: number): Promise<void> {
  const params = { season: stage.season, phase: phase.id, child: one.child }
  const receipt = await attempt(stage, stopAt, () =>
    stage.apis.verification.decideCase({ token, params, body: { ...judgement(phase, one, family), revision: one.revision } }),
  )
  if (receipt) {
    stage.ledger.keep({ kind: 'decision', child: one.child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision, outcome: receipt.state })
  }
}

/** A rule that is not met refuses; otherwise what the papers show decides. */
function judgement(phase: Review, one: Case, family: Family | undefined): Papers {
  const papers = family === undefined || family.script.papers === 'none' ? undefined : family.script.papers[phase.id]
  const unmet = one.rules.find(({ rule, value }) => phase.needs.includes(rule) && value === 'unmet')
  return unmet ? { outcome: 'refused', reason: unmet.says } : (papers ?? { outcome: 'approved' })
}

type CheckIn = TimelinePhaseOf<'check-in'>

/**
 * Schools record who comes, once every result that is public by then can be seen: it decides where a family comes.
 * Who is admitted by a round whose results come later comes after them.
 */
export async function checkIn(stage: Stage, phase: CheckIn): Promise<void> {
  const families = new Map(stage.families.map((family) => [family.child, family]))
  const rounds = phasesOfKind(stage.timeline, 'round')
  const later = rounds.filter((round) => phase.of.includes(round.id) && publishAtOf(round) > phase.opensAt)
  const instants = [...new Set(later.map(publishAtOf))].sort((a, b) => a - b)
  const atOpening = rounds.filter((round) => publishAtOf(round) <= phase.opensAt)
  for (const out of [atOpening, ...instants.map((instant) => later.filter((round) => publishAtOf(round) === instant))]) {
    await resultsOut(stage, out, lastCall({ opensAt: Math.max(phase.opensAt, ...out.map(publishAtOf)), closesAt: phase.closesAt }))
    const bases = phase.of.filter((round) => out.some(({ id }) => id === round))
    const lists = bases.length === 0 ? [] : await Promise.all(stage.catalogue.schools.map((school) => expected(stage, phase, school.id, bases)))
    await each(stage, lists.flat(), async ({ school, child }) => {
      const family = families.get(child)
      if (family && (await comes(stage, phase, family, school))) await record(stage, phase, child, school)
    })
  }
}

const deskToken = (stage: Stage, school: string): Promise<string> => stage.identity.staff({ subject: `desk-${school}`, role: 'school', school })

/** Who holds a seat at a school and has not come yet. */
async function expected(stage: Stage, phase: CheckIn, school: string, bases: readonly string[]): Promise<{ school: string; child: string }[]> {
  const token = await deskToken(stage, school)
  const children = await everyPage(async (cursor) => {
    const page = await attempt(stage, phase.closesAt, () =>
      stage.apis.allocation.listPlaces({ token, params: { season: stage.season, school }, query: { limit: 500, ...cursor } }),
    )
    return { items: page?.children ?? [], next: page?.next }
  })
  return children.filter(({ basis, state }) => state === 'held' && bases.includes(basis)).map(({ child }) => ({ school, child }))
}

/** Whether the family comes to this school, given all the seats it holds. */
async function comes(stage: Stage, phase: CheckIn, family: Family, school: string): Promise<boolean> {
  const { child, script } = family
  if (child === undefined || script.comes === 'nowhere') return false
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  const place = await attempt(stage, phase.closesAt, () => stage.apis.allocation.getPlace({ token, params: { season: stage.season, child } }))
  const atChosen = (place?.held ?? []).find((seat) => isChosen(stage, seat.school))
  if (!atChosen || script.comes === 'to-zoned-school') return !isChosen(stage, school) || !hasZonedSeat(stage, place?.held ?? [])
  if (script.comes === 'nowhere-if-admitted') return false
  return school === atChosen.school
}

const isChosen = (stage: Stage, school: string): boolean => !stage.catalogue.zones.some(({ schools }) => schools.includes(school))

const hasZonedSeat = (stage: Stage, held: { school: string }[]): boolean => held.some((seat) => !isChosen(stage, seat.school))

async function record(stage: Stage, phase: CheckIn, child: string, school: string): Promise<void> {
  const token = await deskToken(stage, school)
  const receipt = await attempt(stage, phase.closesAt, () =>
    stage.apis.allocation.checkIn({ token, params: { season: stage.season, phase: phase.id, child }, body: { school } }),
  )
  if (receipt) {
    stage.ledger.keep({ kind: 'check-in', child, phase: phase.id, receivedAt: receipt.receivedAt, schools: [receipt.school] })
  }
}
