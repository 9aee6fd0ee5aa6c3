import { phasesOfKind, type TimelinePhaseOf } from '../../../policies/timeline.js'
import type { Family } from '../families.js'
import type { Answers } from '../script.js'
import { childOf } from './child.js'
import { eachInTime } from './losers.js'
import { resultsOut } from './results.js'
import { attempt, each, lastCall, type Stage } from './stage.js'

type Registration = TimelinePhaseOf<'registration'>
type Choice = TimelinePhaseOf<'choice'>

/** Guardians fill in a form during its window, each as its script says; some amend, twins are declared. */
export async function register(stage: Stage, phase: Registration): Promise<void> {
  // Those with most to do come first.
  const [twins, others] = [stage.families.filter(firstOfTwins), stage.families.filter((family) => family.twin === undefined)]
  await eachInTime(stage, phase, [...twins, ...others], ({ script }) => script.forms[phase.id]?.ifLost, async (family) => {
    await file(stage, phase, family)
    if (family.twin === undefined) return
    await file(stage, phase, stage.families[family.twin]!)
    if (phase.twins) await declareTwins(stage, phase, family)
  })
}

/** Families come to the desk, whose staff enter the form. */
export async function registerAtDesk(stage: Stage, phase: Registration): Promise<void> {
  const coming = stage.families.filter(({ script }) => script.forms[phase.id])
  await eachInTime(stage, phase, coming, ({ script }) => script.forms[phase.id]?.ifLost, (family) => file(stage, phase, family))
}

async function file(stage: Stage, phase: Registration, family: Family): Promise<void> {
  const filing = family.script.forms[phase.id]
  if (!filing) return
  const child = await childOf(stage, family, phase.closesAt)
  if (child === undefined) return
  const token = phase.desk === undefined ? await stage.identity.guardian(family.person.guardianIdNumber) : await clerkAt(stage, phase, family, filing.answers)
  for (const answers of [...(filing.first ? [filing.first] : []), filing.answers]) {
    const receipt = await attempt(stage, phase.closesAt, () =>
      stage.apis.registration.fileForm({
        token,
        params: { season: stage.season, phase: phase.id, child },
        body: { answers, ...(phase.signed && { signed: true }) },
      }),
    )
    if (receipt) stage.ledger.keep({ kind: 'form', child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision })
  }
}

/** Staff of the school that the form or the roster names, of the one in whose zone the family lives, or of the district. */
function clerkAt(stage: Stage, phase: Registration, { home, rosterFacts }: Family, answers: Answers): Promise<string> {
  const isSchool = ([fact]: [string, unknown]) => stage.timeline.facts[fact]?.type === 'school'
  const named = Object.entries({ ...rosterFacts, ...answers }).find(isSchool)?.[1]
  const zoned = stage.catalogue.zones.find(({ id }) => id === home.zone)?.schools[0]
  const school = phase.desk === 'zoned-school' ? zoned : phase.desk === 'school' ? named : undefined
  if (typeof school === 'string') return stage.identity.staff({ subject: `clerk-${school}`, role: 'school', school })
  return stage.identity.staff({ subject: `clerk-${home.district}`, role: 'district', district: home.district })
}

/** The first of two twins acts for both. */
const firstOfTwins = (family: Family): boolean => family.twin !== undefined && family.twin > family.index

async function declareTwins(stage: Stage, phase: Registration, family: Family): Promise<void> {
  const sibling = family.twin === undefined ? undefined : stage.families[family.twin]
  const pair = [family.child, sibling?.child]
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  for (const [child, other] of [pair, [...pair].reverse()]) {
    if (child === undefined || other === undefined) return
    await attempt(stage, phase.closesAt, () =>
      stage.apis.registration.declareTwin({ token, params: { season: stage.season, child }, body: { sibling: other, phase: phase.id } }),
    )
  }
  const child = family.child
  if (family.script.twins !== 'undone' || child === undefined) return
  const undone = await attempt(stage, phase.closesAt, () =>
    stage.apis.registration.undoTwin({ token, params: { season: stage.season, child }, query: { phase: phase.id } }),
  )
  if (undone) stage.ledger.keep({ kind: 'twins-undone', child, phase: phase.id, receivedAt: undone.receivedAt })
}

/** Guardians choose schools. */
export async function choose(stage: Stage, phase: Choice): Promise<void> {
  const choosing = stage.families.filter(({ script }) => script.choices[phase.id])
  await eachInTime(stage, phase, choosing, ({ script }) => script.choices[phase.id]?.ifLost, async (family) => {
    const child = await childOf(stage, family, phase.closesAt)
    if (child === undefined) return
    const token = await stage.identity.guardian(family.person.guardianIdNumber)
    const body = { schools: family.script.choices[phase.id]!.schools }
    const receipt = await attempt(stage, phase.closesAt, () =>
      stage.apis.allocation.choose({ token, params: { season: stage.season, phase: phase.id, child }, body }),
    )
    if (receipt) {
      stage.ledger.keep({ kind: 'choice', child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision, schools: receipt.schools })
    }
  })
}

/** Guardians confirm a seat where the policy asks for it, once the results are out; who would not come to a chosen school does not confirm. */
export async function confirm(stage: Stage, phase: TimelinePhaseOf<'confirmation'>): Promise<void> {
  await resultsOut(stage, phasesOfKind(stage.timeline, 'round').filter(({ id }) => phase.of.includes(id)), lastCall(phase))
  await each(stage, stage.families.filter(({ script }) => script.confirms), async (family) => {
    const child = family.child
    if (child === undefined) return
    const token = await stage.identity.guardian(family.person.guardianIdNumber)
    const receipt = await attempt(stage, phase.closesAt, () =>
      stage.apis.allocation.confirm({ token, params: { season: stage.season, phase: phase.id, child }, body: {} }),
    )
    if (receipt) stage.ledger.keep({ kind: 'confirmation', child, phase: phase.id, receivedAt: receipt.receivedAt })
  })
}

/** Families leave the city in the middle of the season. */
export async function leave(stage: Stage, untilMs: number): Promise<void> {
  await each(stage, stage.families.filter((family) => family.script.leaves), async (family) => {
    const child = await childOf(stage, family, untilMs)
    if (child === undefined) return
    const token = await stage.identity.guardian(family.person.guardianIdNumber)
    const receipt = await attempt(stage, untilMs, () =>
      stage.apis.registration.withdraw({ token, params: { season: stage.season, child }, body: { reason: 'moved-away' } }),
    )
    if (receipt) stage.ledger.keep({ kind: 'withdrawal', child, phase: 'withdrawal', receivedAt: receipt.receivedAt })
  })
}
