import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Family } from '../families.js'
import { attempt, each, pause, type Stage } from './stage.js'

/** Share of a window that staff leave at its end, so that nothing is sent at the last moment. */
const MARGIN = 0.1
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
    ...stage.catalogue.schools.map(({ id }) => ({ role: 'school' as const, id })),
    ...stage.catalogue.districts.map(({ id }) => ({ role: 'district' as const, id })),
  ]
  const stopAt = phase.closesAt - (phase.closesAt - phase.opensAt) * MARGIN
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
  const brought = (listed?.cases ?? []).filter(({ child }) => bringsPapers(families.get(child)))
  await each(stage, brought, (one) => decide(stage, phase, token, one, families.get(one.child), stopAt))
}

/** Who is leaving the city, or waits for the desk, brings no papers: else it were chance who is first. */
const bringsPapers = (family: Family | undefined): boolean => family !== undefined && !family.plan.leaves && !family.plan.special

async function decide(stage: Stage, phase: Review, token: string, one: Case, family: Family | undefined, stopAt: number): Promise<void> {
  const params = { season: stage.season, phase: phase.id, child: one.child }
  const receipt = await attempt(stage, stopAt, () =>
    stage.apis.verification.decideCase({ token, params, body: { ...judgement(phase, one, family), revision: one.revision } }),
  )
  if (receipt) {
    stage.ledger.keep({ kind: 'decision', child: one.child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision, outcome: receipt.state })
  }
}

/** A rule that is not met refuses; papers that are wrong show an address that differs; everything else is approved. */
function judgement(phase: Review, one: Case, family: Family | undefined) {
  const unmet = one.rules.find(({ rule, value }) => phase.needs.includes(rule) && value === 'unmet')
  if (unmet) return { outcome: 'refused' as const, reason: unmet.says }
  const doubted = phase.finds.find((fact) => fact.endsWith('address'))
  if (family?.plan.papers === 'wrong' && doubted !== undefined) {
    return { outcome: 'refused' as const, reason: '材料与登记不一致', findings: { [doubted]: 'differs' as const } }
  }
  return { outcome: 'approved' as const }
}

type CheckIn = TimelinePhaseOf<'check-in'>

/** Schools record who comes, until the window is nearly over; whose result is public late comes late. */
export async function checkIn(stage: Stage, phase: CheckIn): Promise<void> {
  const families = new Map(stage.families.map((family) => [family.child, family]))
  const met = new Set<string>()
  const stopAt = phase.closesAt - (phase.closesAt - phase.opensAt) * MARGIN
  while (Date.now() < stopAt && !stage.signal.aborted) {
    const lists = await Promise.all(stage.catalogue.schools.map((school) => expected(stage, phase, school.id)))
    const unmet = lists.flat().filter(({ school, child }) => families.has(child) && !met.has(`${school}/${child}`))
    await each(stage, unmet, async ({ school, child }) => {
      if (Date.now() >= stopAt) return
      met.add(`${school}/${child}`)
      if (await comes(stage, phase, families.get(child)!, school)) await record(stage, phase, child, school)
    })
    await pause(LOOK_AGAIN_MS)
  }
}

const deskToken = (stage: Stage, school: string): Promise<string> => stage.identity.staff({ subject: `desk-${school}`, role: 'school', school })

/** Who holds a seat at a school and has not come yet. */
async function expected(stage: Stage, phase: CheckIn, school: string): Promise<{ school: string; child: string }[]> {
  const token = await deskToken(stage, school)
  const children: string[] = []
  let cursor: string | undefined
  do {
    const page = await attempt(stage, phase.closesAt, () =>
      stage.apis.allocation.listPlaces({ token, params: { season: stage.season, school }, query: { limit: 500, ...(cursor !== undefined && { cursor }) } }),
    )
    children.push(...(page?.children ?? []).filter(({ basis, state }) => state === 'held' && phase.of.includes(basis)).map(({ child }) => child))
    cursor = page?.next
  } while (cursor !== undefined)
  return children.map((child) => ({ school, child }))
}

/** Whether the family comes to this school, given all the seats it holds. */
async function comes(stage: Stage, phase: CheckIn, family: Family, school: string): Promise<boolean> {
  const child = family.child
  if (child === undefined) return false
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  const place = await attempt(stage, phase.closesAt, () => stage.apis.allocation.getPlace({ token, params: { season: stage.season, child } }))
  const atChosen = (place?.held ?? []).find((seat) => isChosen(stage, seat.school))
  if (!atChosen || family.plan.comes === 'to-zoned-school') return !isChosen(stage, school) || !hasZonedSeat(stage, place?.held ?? [])
  if (family.plan.comes === 'nowhere-if-admitted') return false
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
