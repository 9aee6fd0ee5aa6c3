import type { TimelinePhaseOf } from '../../../policies/timeline.js'
import { Problem } from '../../../platform/problem.js'
import { chance } from '../chance.js'
import { attempt, each, pause, type Stage } from './stage.js'
import { childOf } from './guardians.js'

const LOOK_AGAIN_MS = 400

type OpenCase = Awaited<ReturnType<Stage['apis']['console']['listArrangementCases']>>['cases'][number]

const deskToken = (stage: Stage): Promise<string> => stage.identity.staff({ subject: 'desk-city', role: 'city' })

/** Staff flag the families whose circumstances need a person, before any round decides about them. */
export async function flagSpecial(stage: Stage, untilMs: number): Promise<void> {
  const token = await deskToken(stage)
  await each(stage, stage.families.filter((family) => family.plan.special), async (family) => {
    const child = await childOf(stage, family, untilMs)
    if (child === undefined) return
    await attempt(stage, untilMs, () =>
      stage.apis.console.flagChild({ token, params: { season: stage.season, child }, body: { reason: '特殊情况' } }),
    )
  })
}

/** The desk's staff settle every open case they see, until the last desk of the season closes. */
export async function arrangeAll(stage: Stage, lastDesk: TimelinePhaseOf<'arrangement'>): Promise<void> {
  while (Date.now() < lastDesk.closesAt && !stage.signal.aborted) {
    const token = await deskToken(stage)
    const listed = await attempt(stage, lastDesk.closesAt, () =>
      stage.apis.console.listArrangementCases({ token, params: { season: stage.season }, query: { limit: 100 } }),
    )
    await each(stage, listed?.cases ?? [], (one) => arrange(stage, one, lastDesk.closesAt))
    await pause(LOOK_AGAIN_MS)
  }
}

/** Tries schools with a vacancy, the child's own district first, until one takes the child; repeatable for a seed. */
async function arrange(stage: Stage, one: OpenCase, untilMs: number): Promise<void> {
  const token = await deskToken(stage)
  for (const school of await vacancies(stage, one, token, untilMs)) {
    try {
      const receipt = await stage.apis.console.arrangeChild({
        token,
        params: { season: stage.season, child: one.child },
        body: { decision: { place: school }, reason: '统筹安排' },
      })
      stage.ledger.keep({ kind: 'arrangement', child: one.child, phase: one.phase, receivedAt: receipt.receivedAt, schools: [school] })
      return
    } catch (error) {
      if (!(error instanceof Problem) || error.type !== 'school-full') {
        await attempt(stage, 0, () => Promise.reject(error as Error))
        return
      }
    }
  }
}

async function vacancies(stage: Stage, one: OpenCase, token: string, untilMs: number): Promise<string[]> {
  const listed = await attempt(stage, untilMs, () =>
    stage.apis.allocation.listSchools({ token, params: { season: stage.season }, query: { limit: 5000 } }),
  )
  const zoned = new Set(stage.catalogue.zones.flatMap(({ schools }) => schools))
  return (listed?.schools ?? [])
    .filter(({ free = 0 }) => free > 0)
    .sort((a, b) => Number(b.district === one.district) - Number(a.district === one.district)
      || Number(zoned.has(b.id)) - Number(zoned.has(a.id))
      || chance(stage.seed, 'desk', one.child, a.id) - chance(stage.seed, 'desk', one.child, b.id))
    .map(({ id }) => id)
}
