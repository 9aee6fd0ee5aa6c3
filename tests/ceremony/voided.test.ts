import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUERIES, roundWorkflowId, TASK_QUEUES, UPDATES, WORKFLOWS, type ApproveAnswer, type ApproveRequest, type RestartAnswer, type RestartRequest, type RoundInput, type RoundStage, type RoundView, type VoidAnswer, type VoidRequest } from '../../contracts/workflows.js'
import { windowDigest } from '../../platform/windows/index.js'
import { until } from '../../platform/testing/until.js'
import { factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from '../../services/allocation/allocation.fixture.js'
import { verifyDraw } from '../../services/allocation/domain/draw/verify/verify.js'
import { REHEARSED, startProcesses, waitingForRows } from './processes.js'

const [season, phase] = ['wrong-plan', 'zoning']
const zones = [zoneOf('z', 'north')]
const districts = [{ id: 'nanguan', name: 'Nanguan' }]
let running: Running
let processes: Awaited<ReturnType<typeof startProcesses>>

const round = () => processes.client.workflow.getHandle(roundWorkflowId(season, phase))
const declare = (officer: string) => round().executeUpdate<VoidAnswer, [VoidRequest]>(UPDATES.void, { args: [{ officer, reason: 'a class was left out of the plan' }] })
const restart = () => round().executeUpdate<RestartAnswer, [RestartRequest]>(UPDATES.restart, { args: [{ officer: 'officer-1' }] })
const approve = (officer: string) => round().executeUpdate<ApproveAnswer, [ApproveRequest]>(UPDATES.approve, { args: [{ officer }] })
const reached = (wanted: RoundStage) => until(() => round().query<RoundView>(QUERIES.getRound), ({ stage }) => stage === wanted)
const plan = (seats: number) => running.city.putCatalogue({ params: { season }, body: { districts, schools: [publicSchool('north', seats)], zones } })
const transcript = (run?: number) => running.guardian(1).getTranscript({ params: { season, phase }, query: { run } })

/** Kills the service in the middle of the transaction that declares a run void, which waits for a row of the same key. */
async function declaredThoughKilled(run: number): Promise<void> {
  const holder = new pg.Client(running.url)
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query(`INSERT INTO round_void (season, phase, run, officers, reason) VALUES ($1, $2, $3, '{held,held-too}', 'held')`, [season, phase, run])
  const declared = declare('officer-2')
  await waitingForRows(running, 1)
  await processes.service.kill('SIGKILL')
  await holder.query('ROLLBACK')
  await holder.end()
  expect(await running.sql('SELECT FROM seat WHERE season = $1 AND child IS NOT NULL', [season])).toHaveLength(3)
  await processes.service.restart()
  expect(await declared).toMatchObject({ run, void: true })
}

beforeAll(async () => {
  running = await startAllocation({ more: REHEARSED })
  processes = await startProcesses(running)
  await openSeason(running, season, { schools: [publicSchool('north', 2)], zones })
  await running.tell([1, 2, 3, 4].flatMap((n) => {
    const about = factsAbout(season, n)
    return [about.roster(), about.registered({ zones: { 'household.address': 'z' } }), about.reviewed('approved')]
  }))
  const expects = [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }]
  const technical = { drainMs: 0, graceMs: 0, spreadMs: 0, publishBatch: 3, publishPauseMs: 0 }
  const input: RoundInput = { season, phase, at: 0, publishAt: 0, approval: 'four-eyes', technical, expects }
  running.witnesses.plan({ two: 'stays-away' })
  await processes.client.workflow.start(WORKFLOWS.round, { workflowId: roundWorkflowId(season, phase), taskQueue: TASK_QUEUES.round, args: [input] })
})
afterAll(() => processes?.stop())

describe('a round whose plan is wrong', () => {
  it('is void at once while a witness is awaited, and waits for an officer', async () => {
    await until(() => running.sql('SELECT FROM round_reveal WHERE season = $1', [season]), (shown) => shown.length === 2)
    expect(await declare('officer-1')).toMatchObject({ run: 1, void: false })
    expect(await declare('officer-2')).toMatchObject({ run: 1, void: true })
    await reached('void')
    running.witnesses.plan({ two: 'present' })
    expect(await running.sql(`SELECT step FROM round_step WHERE season = $1 AND step NOT IN ('freeze', 'commit')`, [season])).toEqual([])
    await plan(3)
    expect(await restart()).toEqual({ run: 2 })
    await reached('approving')
  })

  it('is void after its draw as well, also if the service is killed meanwhile', async () => {
    await declare('officer-1')
    await declaredThoughKilled(2)
    await reached('void')
    expect(await running.sql('SELECT FROM seat WHERE season = $1 AND child IS NOT NULL', [season])).toEqual([])
    expect(await running.sql('SELECT run, officers FROM round_void WHERE season = $1 ORDER BY run', [season])).toEqual([1, 2].map((run) => ({ run, officers: ['officer-1', 'officer-2'] })))
    await plan(4)
    expect(await restart()).toEqual({ run: 3 })
  }, 60_000)

  it('goes out by the run that stands, and all runs are one chain that anyone can check', async () => {
    await reached('approving')
    await approve('officer-1')
    await approve('officer-2')
    expect(await round().result()).toMatchObject({ stage: 'published', run: 3 })
    expect(await running.sql('SELECT FROM seat WHERE season = $1 AND child IS NOT NULL AND visible', [season])).toHaveLength(4)
    const [one, two, three] = await Promise.all([transcript(1), transcript(2), transcript()])
    for (const draw of [one, two, three]) expect(verifyDraw(draw)).toMatchObject({ agreed: true, findings: [] })
    expect(two.freeze.previous).toBe(one.commit!.hash)
    expect(three.freeze.previous).toBe(two.check!.hash)
    expect([one, two, three].map(({ groups }) => groups[0]!.round.schools)).toEqual([2, 3, 4].map((seats) => [{ id: 'north', plan: seats }]))
  })
})
