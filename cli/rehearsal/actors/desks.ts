import { randomUUID } from 'node:crypto'
import type { PhaseId } from '../../../policies/language.js'
import { phaseById, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { chance } from '../chance.js'
import type { Family } from '../families.js'
import { everyPage } from '../../everyPage.js'
import { attempt, each, pause, until, type Stage } from './stage.js'
import { childOf } from './child.js'

const LOOK_AGAIN_MS = 400
/** Share of its phase that the desk lets pass first. */
const SITS_DOWN_AFTER = 1 / 3
/** How long an officer tries to get an answer before looking at the list again. */
const PATIENCE_MS = 2_000

type OpenCase = Awaited<ReturnType<Stage['apis']['console']['listArrangementCases']>>['cases'][number]
type School = Awaited<ReturnType<Stage['apis']['allocation']['listSchools']>>['schools'][number]

const deskToken = (stage: Stage): Promise<string> => stage.identity.staff({ subject: 'desk-city', role: 'city' })

/** Staff flag the families whose circumstances need a person, before any round decides about them. */
export async function flagSpecial(stage: Stage, untilMs: number): Promise<void> {
  const token = await deskToken(stage)
  await each(stage, stage.families.filter((family) => family.script.flagged), async (family) => {
    const child = await childOf(stage, family, untilMs)
    if (child === undefined) return
    await attempt(stage, untilMs, () =>
      stage.apis.console.flagChild({ token, params: { season: stage.season, child }, body: { reason: '特殊情况' } }),
    )
  })
}

/** The desk sits down a while after its phase opened, when everybody who has no seat is on its list. */
export async function arrangeAll(stage: Stage, phase: TimelinePhaseOf<'arrangement'>): Promise<void> {
  await until(stage, phase.opensAt + (phase.closesAt - phase.opensAt) * SITS_DOWN_AFTER)
  await settleCases(stage, phase.closesAt, phase.id)
}

/**
 * The desk's staff settle the open cases they see until an instant (ms), the list as a whole each time they look.
 * @param phase a desk's own cases; absent: those of all desks
 */
export async function settleCases(stage: Stage, untilMs: number, phase?: PhaseId): Promise<void> {
  const families = new Map(stage.families.map((family) => [family.child, family]))
  while (Date.now() < untilMs && !stage.signal.aborted) {
    const cases = await openCases(stage, untilMs, phase)
    if (cases.length > 0) {
      const vacancies = await vacanciesOf(stage, untilMs)
      // In an order of their own: who came onto the list first is chance.
      const inOrder = cases.toSorted((a, b) => (a.child < b.child ? -1 : 1))
      const settled = inOrder.map((one) => ({ one, decision: decisionAbout(stage, one, families.get(one.child), vacancies) }))
      await each(stage, settled, async ({ one, decision }) => (decision === undefined ? undefined : arrange(stage, one, decision)))
    }
    await pause(LOOK_AGAIN_MS)
  }
}

type Decision = Parameters<Stage['apis']['console']['arrangeChild']>[0]['body']['decision']

/** A vacancy, or none for a child whose schooling is put off; in the way its papers ask for, where the desk has ways. */
function decisionAbout(stage: Stage, one: OpenCase, family: Family | undefined, vacancies: Vacancies): Decision | undefined {
  const desk = phaseById(stage.timeline, one.phase)
  const way = desk.kind === 'arrangement' ? desk.ways.find((offered) => offered === family?.script.way) : undefined
  if (way === 'deferral') return { end: '缓学一年', way }
  const place = takeVacancy(stage, one, family, vacancies)
  return place === undefined ? undefined : { place, ...(way && { way }) }
}

async function openCases(stage: Stage, untilMs: number, phase: PhaseId | undefined): Promise<OpenCase[]> {
  const token = await deskToken(stage)
  return everyPage(async (cursor) => {
    const page = await attempt(stage, untilMs, () =>
      stage.apis.console.listArrangementCases({ token, params: { season: stage.season }, query: { limit: 500, ...(phase !== undefined && { phase }), ...cursor } }),
    )
    return { items: page?.cases ?? [], next: page?.next }
  })
}

async function arrange(stage: Stage, one: OpenCase, decision: Decision): Promise<void> {
  const token = await deskToken(stage)
  // Sent again because no answer came, it is the same decision.
  const idempotencyKey = randomUUID()
  const receipt = await attempt(stage, Date.now() + PATIENCE_MS, () =>
    stage.apis.console.arrangeChild({
      token,
      idempotencyKey,
      params: { season: stage.season, child: one.child },
      body: { decision, reason: '统筹安排' },
    }),
  )
  if (receipt) {
    stage.ledger.keep({ kind: 'arrangement', child: one.child, phase: one.phase, receivedAt: receipt.receivedAt, ...('place' in decision && { schools: [decision.place] }) })
  }
}

/** Schools that have a vacancy, with how many. */
type Vacancies = Map<School, number>

async function vacanciesOf(stage: Stage, untilMs: number): Promise<Vacancies> {
  const token = await deskToken(stage)
  const listed = await attempt(stage, untilMs, () =>
    stage.apis.allocation.listSchools({ token, params: { season: stage.season }, query: { limit: 5000 } }),
  )
  return new Map((listed?.schools ?? []).map((school) => [school, school.free ?? 0]))
}

/** Takes a vacancy off the list: in the child's own district first, where zones lead first, near home first; repeatable for a seed. */
function takeVacancy(stage: Stage, one: OpenCase, family: Family | undefined, vacancies: Vacancies): string | undefined {
  const { zones } = stage.catalogue
  const zoned = new Set(zones.flatMap(({ schools }) => schools))
  const near = new Set(zones.find(({ id }) => id === family?.home.zone)?.schools)
  const [best] = [...vacancies]
    .filter(([, free]) => free > 0)
    .map(([school]) => school)
    .sort((a, b) => Number(b.district === one.district) - Number(a.district === one.district)
      || Number(zoned.has(b.id)) - Number(zoned.has(a.id))
      || Number(near.has(b.id)) - Number(near.has(a.id))
      || chance(stage.seed, 'desk', one.child, a.id) - chance(stage.seed, 'desk', one.child, b.id))
  if (best) vacancies.set(best, vacancies.get(best)! - 1)
  return best?.id
}
