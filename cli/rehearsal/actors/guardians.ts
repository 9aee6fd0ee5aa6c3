import { ordinaryAnswers, specialForms } from '../facts.js'
import type { Family } from '../families.js'
import { phasesOfKind, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { attempt, each, type Stage } from './stage.js'

type Registration = TimelinePhaseOf<'registration'>
type Choice = TimelinePhaseOf<'choice'>

/** A guardian signs in and looks up the child; the opaque id is all an actor ever learns. */
export async function childOf(stage: Stage, family: Family, untilMs: number): Promise<string | undefined> {
  if (family.child !== undefined) return family.child
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  const found = await attempt(stage, untilMs, () => stage.apis.registration.listMyChildren({ token, params: { season: stage.season } }))
  const members = [family, ...(family.twin === undefined ? [] : [stage.families[family.twin]])]
  for (const { child, name } of found?.children ?? []) {
    const member = members.find((one) => one?.child === undefined && one?.person.name === name)
    if (member) member.child = child
  }
  return family.child
}

/** Guardians fill in a form during its window, each as its life says; some amend, twins are declared. */
export async function register(stage: Stage, phase: Registration): Promise<void> {
  const special = specialForms(stage.timeline).some(({ id }) => id === phase.id)
  const comes = (family: Family) =>
    special ? family.plan.applies === 'own-school' : family.plan.registers === 'on-time' || family.plan.registers === 'amends'
  const registers = async (family: Family) => {
    if (!comes(family)) return
    if (family.plan.registers === 'amends' && phase.amend === 'until-close') await file(stage, phase, family, { mistaken: true })
    await file(stage, phase, family)
  }
  // Those with most to do come first.
  const [twins, others] = [stage.families.filter(firstOfTwins), stage.families.filter((family) => family.twin === undefined)]
  await each(stage, [...twins, ...others], async (family) => {
    await registers(family)
    if (family.twin === undefined) return
    await registers(stage.families[family.twin]!)
    if (phase.twins) await declareTwins(stage, phase, family)
  })
}

/** Whoever missed the form goes to the desk where the policy offers one; its staff enter the form. */
export async function registerAtDesk(stage: Stage, phase: Registration): Promise<void> {
  const special = specialForms(stage.timeline).some(({ id }) => id === phase.id)
  const comes = (family: Family) => (special ? family.plan.applies === 'own-school' : family.plan.registers === 'on-site')
  await each(stage, stage.families.filter(comes), async (family) => {
    await childOf(stage, family, phase.closesAt)
    const token = special && phase.desk === 'school'
      ? await stage.identity.staff({ subject: `clerk-${family.applyTo}`, role: 'school', school: family.applyTo ?? '' })
      : await stage.identity.staff({ subject: `clerk-${family.home.district}`, role: 'district', district: family.home.district })
    await file(stage, phase, family, { token })
  })
}

async function file(stage: Stage, phase: Registration, family: Family, as: { token?: string; mistaken?: boolean } = {}): Promise<void> {
  const child = await childOf(stage, family, phase.closesAt)
  if (child === undefined) return
  const token = as.token ?? (await stage.identity.guardian(family.person.guardianIdNumber))
  const receipt = await attempt(stage, phase.closesAt, () =>
    stage.apis.registration.fileForm({
      token,
      params: { season: stage.season, phase: phase.id, child },
      body: { answers: answersOf(stage, phase, family, as.mistaken ?? false), ...(phase.signed && { signed: true }) },
    }),
  )
  if (receipt) stage.ledger.keep({ kind: 'form', child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision })
}

function answersOf(stage: Stage, phase: Registration, family: Family, mistaken: boolean) {
  const home = { district: family.home.district, street: family.home.street, number: family.houseNumber, room: '' }
  const addresses = phase.asks
    .filter((fact) => stage.timeline.facts[fact]?.type === 'address')
    .map((fact) => [fact, mistaken ? { ...home, room: '1-101' } : home] as const)
  const school = family.applyTo ?? stage.catalogue.schools[0]?.id ?? ''
  return { ...ordinaryAnswers(stage.timeline, phase.asks, school), ...Object.fromEntries(addresses) }
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
  if (family.plan.twins !== 'undone' || child === undefined) return
  const undone = await attempt(stage, phase.closesAt, () =>
    stage.apis.registration.undoTwin({ token, params: { season: stage.season, child }, query: { phase: phase.id } }),
  )
  if (undone) stage.ledger.keep({ kind: 'twins-undone', child, phase: phase.id, receivedAt: undone.receivedAt })
}

/** Guardians choose schools: in the first choice phase where they apply, in later ones where they try for a vacancy. */
export async function choose(stage: Stage, phase: Choice): Promise<void> {
  const first = phasesOfKind(stage.timeline, 'choice')[0]?.id === phase.id
  const wanted = (family: Family) => (first ? (family.plan.applies === 'own-school' ? undefined : family.applyTo) : family.tryFor)
  const acts = (family: Family) => wanted(family) !== undefined && (family.plan.twins !== 'together' || firstOfTwins(family))
  await each(stage, stage.families.filter(acts), async (family) => {
    const child = await childOf(stage, family, phase.closesAt)
    const school = wanted(family)
    if (child === undefined || school === undefined) return
    const token = await stage.identity.guardian(family.person.guardianIdNumber)
    const receipt = await attempt(stage, phase.closesAt, () =>
      stage.apis.allocation.choose({ token, params: { season: stage.season, phase: phase.id, child }, body: { schools: [school] } }),
    )
    if (receipt) {
      stage.ledger.keep({ kind: 'choice', child, phase: phase.id, receivedAt: receipt.receivedAt, revision: receipt.revision, schools: receipt.schools })
    }
  })
}

/** Guardians confirm a seat where the policy asks for it; who would not come to a chosen school does not confirm. */
export async function confirm(stage: Stage, phase: TimelinePhaseOf<'confirmation'>): Promise<void> {
  const confirms = (family: Family) => family.plan.comes !== 'nowhere-if-admitted'
  await each(stage, stage.families.filter(confirms), async (family) => {
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
  await each(stage, stage.families.filter((family) => family.plan.leaves), async (family) => {
    const child = await childOf(stage, family, untilMs)
    if (child === undefined) return
    const token = await stage.identity.guardian(family.person.guardianIdNumber)
    const receipt = await attempt(stage, untilMs, () =>
      stage.apis.registration.withdraw({ token, params: { season: stage.season, child }, body: { reason: 'moved-away' } }),
    )
    if (receipt) stage.ledger.keep({ kind: 'withdrawal', child, phase: 'withdrawal', receivedAt: receipt.receivedAt })
  })
}
