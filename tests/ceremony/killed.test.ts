import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DRAW_STEPS, type DrawStepName } from '../../contracts/draw.js'
import { roundWorkflowId, TASK_QUEUES, WORKFLOWS, type RoundInput, type RoundView } from '../../contracts/workflows.js'
import { windowDigest } from '../../platform/windows/index.js'
import { until } from '../../platform/testing/until.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from '../../services/allocation/allocation.fixture.js'
import { verifyDraw } from '../../services/allocation/domain/draw/verify/verify.js'
import { GIVEN, REHEARSED, startProcesses, waitingForRows } from './processes.js'

const phase = 'zoning'
const technical = { drainMs: 0, graceMs: 0, spreadMs: 0, publishBatch: 3, publishPauseMs: 0 }
/** One season for each step in the middle of which a process is killed. */
const SERVICE_KILLED = DRAW_STEPS.map((step) => ({ step, season: `service-${step}` }))
const WORKER_KILLED = DRAW_STEPS.map((step) => ({ step, season: `worker-${step}` }))
/** Killed after two witnesses have revealed and while the third is waited for. */
const WITNESS_AWAITED = 'service-awaits-witness'
const SEASONS = [...SERVICE_KILLED.map(({ season }) => season), WITNESS_AWAITED, ...WORKER_KILLED.map(({ season }) => season)]

let shaken: Running
let clean: Running
let processes: Awaited<ReturnType<typeof startProcesses>>
const expected = new Map<string, RoundInput['expects']>()

/** A season of which the list of the round is complete: five children, four seats, two districts. */
async function prepare(running: Running, season: string) {
  const far = { ...publicSchool('far', 1), district: 'erdao' }
  await openSeason(running, season, { schools: [publicSchool('north', 2), publicSchool('south', 1), far], zones: [zoneOf('z', 'north', 'south'), zoneOf('f', 'far')] }, () => undefined, [{ id: 'erdao', name: 'Erdao' }])
  await running.tell([1, 2, 3, 4, 5].flatMap((n) => {
    const about = factsAbout(season, n)
    return [about.roster(), about.registered({ zones: { 'household.address': n < 5 ? 'z' : 'f' } }), about.reviewed('approved')]
  }))
  return [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }]
}

async function undisturbed(season: string, expects: RoundInput['expects']): Promise<void> {
  await clean.service.freezeRound({ params: { season, phase }, body: { expects } })
  await decideRound(clean, season, phase)
  await clean.service.publishRound({ params: { season, phase }, body: { limit: 100 } })
}

async function begin(season: string): Promise<void> {
  const input: RoundInput = { season, phase, at: 0, publishAt: 0, technical, expects: expected.get(season)! }
  await processes.client.workflow.start(WORKFLOWS.round, { workflowId: roundWorkflowId(season, phase), taskQueue: TASK_QUEUES.round, args: [input] })
}
const ended = (season: string): Promise<RoundView> => processes.client.workflow.getHandle(roundWorkflowId(season, phase)).result()

/**
 * Begins rounds and holds each in the middle of a step's transaction, which has to wait for a row of the same key: in a
 * check that of the last result, when all seats are given. What it gives lets them go.
 */
async function holdInside(rounds: readonly { season: string; step: DrawStepName }[]) {
  const holder = new pg.Client(shaken.url)
  await holder.connect()
  await holder.query('BEGIN')
  for (const { season, step } of rounds) {
    await (step === 'check'
      ? holder.query(`INSERT INTO round_result (season, phase, child, unit, ticket, outcome) VALUES ($1, $2, $3, 'held', 'held', 'not-admitted')`, [season, phase, childNo(5)])
      : holder.query(`INSERT INTO round_step (season, phase, run, step, hash, body, asked_by) VALUES ($1, $2, 1, $3, 'held', '{}', 'test')`, [season, phase, step]))
  }
  await Promise.all(rounds.map(({ season }) => begin(season)))
  await waitingForRows(shaken, rounds.length)
  return async () => {
    await holder.query('ROLLBACK')
    await holder.end()
  }
}

const transcriptOf = (running: Running, season: string) => running.guardian(1).getTranscript({ params: { season, phase } })

beforeAll(async () => {
  shaken = await startAllocation({ more: REHEARSED })
  clean = await startAllocation({ more: REHEARSED })
  processes = await startProcesses(shaken)
  for (const season of SEASONS) {
    expected.set(season, await prepare(shaken, season))
    await undisturbed(season, await prepare(clean, season))
  }
})
afterAll(() => processes?.stop())

describe('a round', () => {
  it('whose service is killed in the middle of a step ends all the same', async () => {
    const release = await holdInside(SERVICE_KILLED)
    shaken.witnesses.plan({ two: 'stays-away' })
    await begin(WITNESS_AWAITED)
    await until(() => shaken.sql('SELECT FROM round_reveal WHERE season = $1', [WITNESS_AWAITED]), (shown) => shown.length === 2)
    await processes.service.kill('SIGKILL')
    await release()
    expect(await shaken.sql(`SELECT season FROM round_step WHERE step = 'publish'`)).toEqual([])
    shaken.witnesses.plan({ two: 'present' })
    await processes.service.restart()
    for (const season of [...SERVICE_KILLED.map((round) => round.season), WITNESS_AWAITED]) expect(await ended(season)).toMatchObject({ stage: 'published' })
  }, 120_000)

  it('whose worker is killed in the middle of a step ends all the same', async () => {
    const release = await holdInside(WORKER_KILLED)
    await processes.worker.kill('SIGKILL')
    await release()
    await processes.worker.restart()
    for (const { season } of WORKER_KILLED) expect(await ended(season)).toMatchObject({ stage: 'published' })
  }, 120_000)

  it.each(SEASONS)('has the result of one that nothing interrupted: %s', async (season) => {
    const transcript = await transcriptOf(shaken, season)
    expect(verifyDraw(transcript)).toMatchObject({ agreed: true, findings: [] })
    expect(transcript).toEqual(await transcriptOf(clean, season))
  })

  it('has stated every child’s place and given every seat once', async () => {
    for (const records of GIVEN) expect(await shaken.sql(records)).toEqual(await clean.sql(records))
  })
})
