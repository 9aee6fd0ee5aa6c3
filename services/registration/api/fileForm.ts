import type { z } from 'zod'
import { registrationEndpoints } from '../../../contracts/http/registration.js'
import type { Caller } from '../../../contracts/roles.js'
import type { Timeline, TimelinePhaseOf } from '../../../policies/timeline.js'
import { standing } from '../../../policies/standing.js'
import { settleClosed } from '../../../policies/settle.js'
import { factOf, knowledgeOf } from '../../../platform/facts/index.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { inTransaction, type Sql } from '../../../platform/postgres/index.js'
import { problem } from '../../../platform/problem.js'
import { lockOpenWindow, windowsOf } from '../../../platform/windows/index.js'
import { addressesOf, judgeSubmission } from '../domain/answers.js'
import { zoneOf } from '../domain/address.js'
import { decideFiling, deskSchools, mayFile, type DeskSchools } from '../domain/filing.js'
import { disclose, registrationFact } from '../domain/snapshots.js'
import type { Catalogue } from '../domain/zones.js'
import { unitOf } from '../domain/units.js'
import { state } from '../events/publish.js'
import { ensureNumber, lockChildren, type ChildRow } from '../store/children.js'
import { lockRegistrationFacts, readForm, writeForm, type FormRow } from '../store/forms.js'
import { declarationsAbout } from '../store/twins.js'
import { catalogueOf, placesAbout, zonesAbout } from '../store/zones.js'
import type { Deps } from './deps.js'
import { aboutChild, openSeason, refuseWithdrawn, registrationPhase } from './guards.js'
import { familyOf, reconcileUnits } from './units.js'
import { receiptView } from './views.js'

type Receipt = z.input<typeof registrationEndpoints.fileForm.response>

/** `PUT /seasons/:season/forms/:phase/children/:child` */
export const fileForm = (deps: Deps): Mounted =>
  implement(registrationEndpoints.fileForm, {
    about: aboutChild(deps),
    handle: ({ params, body, caller, receivedAt, signal, remainingMs }) =>
      inTransaction(
        deps.database.prisma,
        async (tx) => {
          const timeline = await openSeason(tx, params.season)
          const phase = registrationPhase(timeline, params.phase)
          await lockOpenWindow(tx, params.season, phase.id, receivedAt)
          return file(tx, deps, { ...params, timeline, phase, ...body, caller, receivedAt })
        },
        { signal, timeoutMs: remainingMs() },
      ),
  })

interface Submission extends z.output<Exclude<typeof registrationEndpoints.fileForm.body, string>> {
  season: string
  child: string
  timeline: Timeline
  phase: TimelinePhaseOf<'registration'>
  caller: Caller
  /** Epoch ms. */
  receivedAt: number
}

/** Judges a submission whose window is open and locked, and stores it. */
async function file(tx: Sql, deps: Deps, submission: Submission): Promise<Receipt> {
  const { season, child: id, phase, answers } = submission
  const child = (await lockChildren(tx, season, await familyOf(tx, season, id))).get(id)!
  await refuseOthersDesk(tx, submission)
  await refuseWithdrawn(tx, season, id)
  const filed = await readForm(tx, season, id, phase.form)
  const filing = decideFiling(phase, filed, answers, submission.revision)
  if (filing.kind === 'repeat') return receiptView(filed!, await ensureNumber(tx, season, child))
  await refuseIneligible(tx, submission)
  refuseFaulty(submission, await catalogueOf(tx, season))
  if (filing.kind === 'refuse') throw problem(filing.type, filing.detail)
  return store(tx, deps, submission, child, filing)
}

async function refuseOthersDesk(tx: Sql, { season, child, timeline, phase, answers, caller }: Submission): Promise<void> {
  if (!mayFile(phase, caller.role)) throw problem('forbidden', `The role ${caller.role} may not file in ${phase.id}`)
  if (caller.role !== 'school') return
  const roster = await factOf(tx, season, child, 'roster', 'roster')
  const desk = deskSchools(timeline, phase, answers, roster?.facts ?? {})
  if (!(await isAt(tx, season, desk, caller.school))) throw problem('forbidden', 'The child belongs to another school')
}

async function isAt(tx: Sql, season: string, desk: DeskSchools, school: string | undefined): Promise<boolean> {
  if (desk.kind === 'any') return true
  if (school === undefined) return false
  if (desk.kind === 'named') return desk.schools.includes(school)
  if (desk.address === undefined) return false
  const zones = await zonesAbout(tx, season, [desk.address])
  const zone = zoneOf(zones, desk.address)
  return zones.some(({ id, schools }) => id === zone && schools.includes(school))
}

/** Refuses only who is certainly not asked: word of an outcome may still be on its way. */
async function refuseIneligible(tx: Sql, { season, child, timeline, phase }: Submission): Promise<void> {
  const closed = (await windowsOf(tx, season)).filter((window) => window.closed).map((window) => window.phase)
  const knowledge = settleClosed(timeline, await knowledgeOf(tx, timeline, season, child), new Set(closed))
  const { allowed, barredBy, explanation } = standing(timeline, phase.id, knowledge, { absent: 'pending' })
  if (allowed !== 'no') return
  throw problem('not-eligible', `The policy does not admit the child to ${phase.id}`, {
    particulars: { explanation, ...(barredBy && { barredBy }) },
  })
}

function refuseFaulty({ timeline, phase, answers, signed }: Submission, catalogue: Catalogue): void {
  const judged = judgeSubmission({ timeline, phase, catalogue }, { answers, signed })
  if (judged.ok) return
  const [first] = judged.faults
  throw problem(judged.unknownField ? 'unknown-field' : 'invalid-input', `${first?.at}: ${first?.message}`, { faults: judged.faults })
}

async function store(tx: Sql, { ids }: Deps, submission: Submission, child: ChildRow, filing: { kind: 'file' | 'amend'; revision: number }): Promise<Receipt> {
  const { season, phase, answers, receivedAt } = submission
  const number = await ensureNumber(tx, season, child)
  const form: FormRow = { child: child.id, form: phase.form, phase: phase.id, revision: filing.revision, answers, frozen: false, receivedAt }
  const registeredAt = await writeForm(tx, { ...form, season, signed: submission.signed ?? false, filedBy: submission.caller.subject })
  const addresses = addressesOf(answers).map(([, address]) => address)
  const { places } = submission.timeline
  const around = { places, zones: await zonesAbout(tx, season, addresses), mapped: await placesAbout(tx, season, addresses) }
  const fact = registrationFact({ ...form, season, number, registeredAt, disclosed: disclose(answers, around, ids.address), unit: await unitNow(tx, ids, submission) })
  await state(tx, [{ event: filing.kind === 'file' ? 'registration-filed' : 'registration-amended', fact }], receivedAt)
  if (fact.unit) await reconcileUnits(tx, ids, { season, form: phase.form, children: fact.unit.members, at: receivedAt })
  return receiptView(form, number)
}

/** The unit that this submission makes or keeps; the family is locked. */
async function unitNow(tx: Sql, ids: Deps['ids'], { season, child, phase }: Submission) {
  if (!phase.twins) return undefined
  const declarations = await declarationsAbout(tx, season, [child])
  const twins = declarations.flatMap((declaration) => [declaration.child, declaration.sibling]).filter((other) => other !== child)
  const facts = await lockRegistrationFacts(tx, season, phase.form, twins)
  const registered = new Set([child, ...facts.filter(({ frozen }) => !frozen).map((fact) => fact.child)])
  return unitOf(child, declarations, registered, (members) => ids.unit(season, members))
}
