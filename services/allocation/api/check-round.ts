import type { DrawTranscript } from '../../../contracts/draw.js'
import { allocationEndpoints } from '../../../contracts/http/allocation.js'
import { enqueue } from '../../../platform/outbox/index.js'
import { check } from '../domain/draw/ceremony.js'
import { instantAfter } from '../domain/draw/instants.js'
import { standingOf } from '../domain/draw/standing.js'
import { childResults, wrongWith } from '../domain/rounds/decide.js'
import { stepEvent } from '../events/rounds.js'
import { databaseNow, type Tx } from '../store/database.js'
import { noteGiven } from '../store/decisions.js'
import { TOLD } from './alarm.js'
import type { Allocation } from './allocation.js'
import { ceremonyStep, type At } from './ceremony.js'
import { give } from './give.js'

/** Has the draw decided again. What agrees is given; what does not is held back, and somebody must look at it. */
export const checkRound = ceremonyStep(allocationEndpoints.checkRound, {
  name: 'check',
  after: 'draw',
  make,
  settle: async (tx, at, made) => {
    await giveAgreed(tx, at, made)
    await enqueue(tx, 'allocation', [stepEvent('round-checked', at.of, made.check!, await databaseNow(tx), { held: standingOf(made).held })])
  },
})

async function make({ database, ceremony }: Allocation, { read, log }: At): Promise<DrawTranscript> {
  const transcript = await read()
  const [second, ours] = await Promise.all([ceremony.secondOpinion(transcript), unsoundIn(transcript)])
  const alarms = new Map<string, string>()
  for (const [index, { round }] of transcript.groups.entries()) {
    const wrong = [...ours[index]!.map((what) => `${ceremony.engine.name}: ${what}`), ...(second.wrong.get(round.id) ?? []).map((what) => `${second.by.name}: ${what}`)].slice(0, TOLD)
    if (wrong.length === 0) continue
    alarms.set(round.id, wrong.join('\n'))
    ceremony.onHeld()
    log.fatal({ group: round.id, wrong }, 'a group of a round is held back')
  }
  const at = instantAfter(transcript.draw!.at, await ceremony.now(database))
  return check(transcript, { at, by: [ceremony.engine, second.by], alarms })
}

/** What breaks a property of docs/rounds.md, by group. It is looked for while the other program decides. */
async function unsoundIn({ groups, draw }: DrawTranscript): Promise<string[][]> {
  return groups.map(({ round, result }, index) => wrongWith({ ...round, seed: draw!.groups[index]!.seed }, result!).map(({ what }) => what))
}

/** Gives what agrees and has not been given. Seats of the groups that do not agree stay reserved. */
async function giveAgreed(tx: Tx, { of: { season, supplement }, phase }: At, { groups, draw, check: checked }: DrawTranscript): Promise<void> {
  const isNew = await noteGiven(tx, season, phase.id, checked!.groups.flatMap(({ id, agreed }) => (agreed ? [id] : [])))
  const agreed = groups.flatMap(({ round, result }, index) => (result && isNew.has(round.id) ? [{ round: { ...round, seed: draw!.groups[index]!.seed }, result }] : []))
  const results = agreed.flatMap(({ round, result }) => childResults(round, result))
  const schools = agreed.flatMap(({ round }) => round.schools.map(({ id }) => id))
  await give(tx, { season, phase, supplement }, schools, results)
}
