import pg from 'pg'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roundWorkflowId, TASK_QUEUES, UPDATES, WORKFLOWS, QUERIES, type RecheckAnswer, type RecheckRequest, type RoundInput, type RoundView } from '../../contracts/workflows.js'
import { MATCHING } from '../../policies/jiulongpo.fixture.js'
import { loadPolicy } from '../../policies/load.js'
import { createLog } from '../../platform/log.js'
import { until } from '../../platform/testing/until.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf, type Running } from '../../services/allocation/allocation.fixture.js'
import { verifyDraw } from '../../services/allocation/domain/draw/verify/verify.js'
import { GIVEN, REHEARSED, startProcesses, waitingForRows } from './processes.js'

const DISSENTER = `node ${fileURLToPath(new URL('../../services/allocation/checking/dissenter.fixture.mjs', import.meta.url))}`
const technical = { drainMs: 0, graceMs: 0, spreadMs: 0, publishBatch: 3, publishPauseMs: 0 }
const [drawn, proposed] = ['zoning', 'household-adjusted']
/** A group of each is held back and checked again; the service is killed in the middle of this step then. */
const SUPPLEMENTS = (['draw', 'check', 'publish'] as const).map((step) => ({ step, season: `supplement-${step}` }))
const PROPOSALS = 'proposals'

let shaken: Running
let clean: Running
let processes: Awaited<ReturnType<typeof startProcesses>>

const closing = async (running: Running, season: string, phase: string) => [{ phase, ...(await windowDigest(running.database, season, phase, 'review')) }]

/** A round of two districts of which one is held back and the other is out. */
async function heldBack(running: Running, season: string): Promise<RoundInput> {
  const faulty = await startAllocation({ sharing: running, log: createLog({ name: 'test', level: 'silent' }), more: { ...REHEARSED, secondCheck: DISSENTER } })
  const far = { ...publicSchool('far', 1), district: 'erdao' }
  await openSeason(faulty, season, { schools: [publicSchool('north', 1), far], zones: [zoneOf('n', 'north'), zoneOf('f', 'far')] }, () => undefined, [{ id: 'erdao', name: 'Erdao' }])
  await faulty.tell([[1, 'n'], [2, 'f']].flatMap(([n, zone]) => {
    const about = factsAbout(season, Number(n))
    return [about.roster(), about.registered({ zones: { 'household.address': String(zone) } }), about.reviewed('approved')]
  }))
  const expects = await closing(faulty, season, 'review')
  await faulty.service.freezeRound({ params: { season, phase: drawn }, body: { expects } })
  await decideRound(faulty, season, drawn)
  await faulty.service.publishRound({ params: { season, phase: drawn }, body: { limit: 10 } })
  return { season, phase: drawn, at: 0, publishAt: 0, technical, expects }
}

/** A residual round of Jiulongpo whose turn it is: two children who do not match. */
async function toPropose(running: Running): Promise<RoundInput> {
  const season = PROPOSALS
  const { timeline } = await loadPolicy('jiulongpo-2023-primary')
  await running.service.installSeason({ params: { season }, body: { timeline: { ...timeline, places: [] } } })
  const schools = [{ ...publicSchool('west', 1), location: { x: 0, y: 0 } }, { ...publicSchool('east', 1), location: { x: 900, y: 0 } }]
  await running.city.putCatalogue({ params: { season }, body: { districts: [{ id: 'nanguan', name: 'Nanguan' }], schools, zones: [{ ...zoneOf('here', 'west'), location: { x: 100, y: 0 } }] } })
  await running.tell([1, 2].flatMap((n) => {
    const about = factsAbout(season, n)
    return [
      about.roster({ local: true }),
      about.of('registration', 'household', { facts: { ...MATCHING, 'residence.address': `r${n}` }, outcomes: { 'household-application': 'filed' }, zones: { 'residence.address': 'here' } }),
      about.of('case', 'household-review', { outcomes: { 'household-review': 'approved' } }),
    ]
  }))
  const expects = await closing(running, season, 'household-review')
  const before = { params: { season, phase: 'household-round' } }
  await running.service.freezeRound({ ...before, body: { expects } })
  await decideRound(running, season, 'household-round')
  await running.service.publishRound({ ...before, body: { limit: 10 } })
  return { season, phase: proposed, proposes: true, at: 0, publishAt: 0, technical, expects }
}

const round = ({ season, phase }: Pick<RoundInput, 'season' | 'phase'>) => processes.client.workflow.getHandle(roundWorkflowId(season, phase))
const begin = (input: RoundInput) => processes.client.workflow.start(WORKFLOWS.round, { workflowId: roundWorkflowId(input.season, input.phase), taskQueue: TASK_QUEUES.round, args: [input] })

const RUNS = 'SELECT season, input, result FROM residual_run'

beforeAll(async () => {
  shaken = await startAllocation({ more: REHEARSED })
  clean = await startAllocation({ more: REHEARSED })
  processes = await startProcesses(shaken)
  for (const { season } of SUPPLEMENTS) {
    await begin(await heldBack(shaken, season))
    await heldBack(clean, season)
    const again = { params: { season, phase: drawn }, body: { supplement: 1 } }
    await clean.service.drawRound(again)
    await clean.service.checkRound(again)
    await clean.service.publishRound({ params: { season, phase: drawn }, body: { limit: 10 } })
    await until(() => round({ season, phase: drawn }).query<RoundView>(QUERIES.getRound), ({ stage, held }) => stage === 'published' && held !== undefined)
  }
  await toPropose(clean)
  const residual = { params: { season: PROPOSALS, phase: proposed } }
  await clean.service.freezeRound({ ...residual, body: { expects: await closing(clean, PROPOSALS, 'household-review') } })
  for (const step of ['commitRound', 'revealRound', 'proposeRound'] as const) await clean.service[step]({ ...residual, body: {} })
  await clean.service.publishRound({ ...residual, body: { limit: 10 } })
}, 60_000)
afterAll(() => processes?.stop())

describe('a round whose service is killed', () => {
  it('in the middle of a supplement or of its proposals ends all the same', async () => {
    const holder = new pg.Client(shaken.url)
    await holder.connect()
    await holder.query('BEGIN')
    for (const { season, step } of SUPPLEMENTS) {
      await (step === 'check'
        ? holder.query(`INSERT INTO round_result (season, phase, child, unit, ticket, outcome) VALUES ($1, $2, $3, 'held', 'held', 'not-admitted')`, [season, drawn, childNo(2)])
        : holder.query(`INSERT INTO round_step (season, phase, run, supplement, step, hash, body, asked_by) VALUES ($1, $2, 1, 1, $3, 'held', '{}', 'test')`, [season, drawn, step]))
      await round({ season, phase: drawn }).executeUpdate<RecheckAnswer, [RecheckRequest]>(UPDATES.recheck, { args: [{ officer: 'officer-1' }] })
    }
    await holder.query(`INSERT INTO residual_run (season, phase, run, asked_by, input, result) VALUES ($1, $2, 1, 'test', '{}', '{}')`, [PROPOSALS, proposed])
    const residual = await toPropose(shaken)
    await begin(residual)
    await waitingForRows(shaken, SUPPLEMENTS.length + 1)
    await processes.service.kill('SIGKILL')
    await holder.query('ROLLBACK')
    await holder.end()
    expect(await shaken.sql(`SELECT FROM round_step WHERE supplement = 1 AND step = 'publish'`)).toEqual([])
    expect(await shaken.sql('SELECT FROM residual_run')).toEqual([])
    await processes.service.restart()
    for (const { season } of SUPPLEMENTS) expect(await round({ season, phase: drawn }).result()).toMatchObject({ stage: 'published', supplement: 1 })
    expect(await round(residual).result()).toMatchObject({ stage: 'published', run: 1 })
  }, 120_000)

  it.each(SUPPLEMENTS)('has the transcript of one that nothing interrupted: $season', async ({ season }) => {
    const of = { params: { season, phase: drawn } }
    const transcript = await shaken.guardian(1).getTranscript(of)
    expect(verifyDraw(transcript)).toMatchObject({ agreed: true, findings: [] })
    expect(transcript.draw!.after).toBeDefined()
    expect(transcript).toEqual(await clean.guardian(1).getTranscript(of))
  })

  it('has proposed the same, stated every child’s place and given every seat once', async () => {
    for (const records of [RUNS, ...GIVEN]) expect(await shaken.sql(records)).toEqual(await clean.sql(records))
  })
})
