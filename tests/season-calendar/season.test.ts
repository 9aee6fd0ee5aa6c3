import { ApplicationFailure, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoundActivities, SeasonActivities } from '../../activities/ports.js'
import { QUERIES, TASK_QUEUES, UPDATES, WORKFLOWS, roundWorkflowId, seasonWorkflowId, type ApproveAnswer, type ApproveRequest, type ExtendAnswer, type ExtendRequest, type RecheckAnswer, type RecheckRequest, type RestartAnswer, type RestartRequest, type RoundView, type SeasonInput, type SeasonView, type VoidAnswer, type VoidRequest } from '../../contracts/workflows.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { ROUND_WORKFLOW } from '../../workflows/round/worker.js'
import { SEASON_WORKFLOW } from '../../workflows/season/worker.js'
import { TECHNICAL, timeSkippingEnvironment } from './run-season.js'
import { shiftTimeline } from './shift.js'
import { until as waitUntil } from '../../platform/testing/until.js'
import { quietBundle } from '../support/temporal.js'

const HOUR_MS = 3_600_000
const request = { officer: 'officer-1', reason: 'the portal was down' }

/** In-memory services behind the activities; the services' windows and rounds have tests of their own. */
class StandInServices implements SeasonActivities, RoundActivities {
  readonly calls: { what: string; at: number }[] = []
  readonly closesAt = new Map<string, number>()
  readonly expects = new Map<string, string[]>()
  private readonly busy = new Map<string, number>()
  private readonly batches = new Map<string, number>()

  constructor(private readonly timeline: Timeline, private readonly now: () => Promise<number>) {}

  /** So many answers "not yet" before the real one. */
  delay(what: string, times: number): void {
    this.busy.set(what, times)
  }

  private async note(what: string): Promise<void> {
    const left = this.busy.get(what) ?? 0
    this.busy.set(what, left - 1)
    if (left > 0) throw ApplicationFailure.create({ type: 'not-yet', message: what, nextRetryDelay: '1 minute' })
    this.calls.push({ what, at: await this.now() })
  }

  installSeason = ({ service }: { service: string }) => this.note(`install ${service}`)
  publishOpened = () => this.note('opened')
  publishExtended = ({ phase }: { phase: string }) => this.note(`extended ${phase}`)
  publishPhaseClosed = ({ phase }: { phase: string }) => this.note(`told closed ${phase}`)
  publishVacancies = ({ phase }: { phase: string }) => this.note(`publish ${phase}`)
  closeSeason = ({ service }: { service: string }) => this.note(`close season ${service}`)
  publishClosed = () => this.note('closed')

  closePhase: SeasonActivities['closePhase'] = async ({ phase }) => {
    const closesAt = this.closesAt.get(phase) ?? phaseById(this.timeline, phase).closesAt
    if ((await this.now()) < closesAt) return { state: 'open', closesAt }
    await this.note(`close ${phase}`)
    return { state: 'closed', close: { phase, count: 1, digest: phase }, closedAt: await this.now() }
  }

  extendPhase: SeasonActivities['extendPhase'] = async ({ phase, closesAt }) => {
    if (phase === 'private-choice') throw ApplicationFailure.create({ type: 'extension-refused', message: 'the window has ended', nonRetryable: true })
    this.closesAt.set(phase, closesAt)
    return { closesAt }
  }

  freezeRound: RoundActivities['freezeRound'] = async ({ phase, expects, officer }) => {
    await this.note(`freeze ${phase}${officer === undefined ? '' : ` for ${officer}`}`)
    this.expects.set(phase, expects.map((close) => close.phase))
    return { listHash: 'ab' }
  }

  commitRound: RoundActivities['commitRound'] = ({ phase, run }) => this.note(`commit ${phase} ${run}`)

  revealRound: RoundActivities['revealRound'] = async ({ phase, run }) => {
    await this.note(`reveal ${phase} ${run}`)
    return { again: phase === 'zoning' && run === 1 }
  }

  drawRound: RoundActivities['drawRound'] = ({ phase }) => this.note(`draw ${phase}`)

  checkRound: RoundActivities['checkRound'] = async ({ phase, supplement }) => {
    await this.note(`check ${phase}${supplement > 0 ? ' again' : ''}`)
    return { held: phase === 'private-admission' && supplement === 0 ? ['erdao'] : [] }
  }

  /** Where the ninth officer asks, a later round counts on it. */
  voidRound: RoundActivities['voidRound'] = async ({ phase, run, officers, reason }) => {
    await this.note(`void ${phase} ${run}: ${reason}, say ${officers.join(' and ')}`)
    if (officers.includes('officer-9')) throw ApplicationFailure.create({ type: 'round-conflict', message: 'a later round counts on it' })
  }

  proposeRound: RoundActivities['proposeRound'] = ({ phase }) => this.note(`propose ${phase}`)

  publishRound: RoundActivities['publishRound'] = async ({ phase, limit }) => {
    await this.note(`publish ${phase}`)
    const left = Math.max(0, (this.batches.get(phase) ?? 3) - 1)
    this.batches.set(phase, left)
    return { published: limit, left }
  }

  awaitEnrollments: SeasonActivities['awaitEnrollments'] = async () => {
    await this.note('children')
    return { children: 3, ends: { enrolled: 3 } }
  }
}

let env: TestWorkflowEnvironment
let calendar: Timeline
let services: StandInServices
let atLast: SeasonView
const answers = new Map<string, unknown>()
const approvals: [string, unknown][] = []
const rechecks: [string, unknown][] = []
const voids: [string, unknown][] = []

beforeAll(async () => {
  env = await timeSkippingEnvironment()
  const real = (await loadPolicy('changchun-2022')).timeline
  calendar = shiftTimeline(real, (await env.currentTimeMs()) + HOUR_MS - real.opensAt)
  // Two rounds of one instant: the second takes what the first left.
  const at = phaseById(calendar, 'zoning').opensAt
  calendar.phases = calendar.phases.map((phase) => (phase.id === 'own-school-admission' ? { ...phase, opensAt: at, closesAt: at, publishAt: at } : phase))
  calendar.phases = calendar.phases.map((phase) => (phase.id === 'private-admission' ? { ...phase, approval: 'four-eyes' } as typeof phase : phase))
  services = new StandInServices(calendar, () => env.currentTimeMs())
  services.delay('freeze zoning', 3)
  services.delay('close review', 2)
  services.delay('children', 2)
  await runSeason()
}, 240_000)
afterAll(() => env?.teardown())

async function runSeason(): Promise<void> {
  const common = { connection: env.nativeConnection, activities: Object.fromEntries(Object.entries(services).filter(([, value]) => typeof value === 'function')) }
  const [seasons, rounds] = await Promise.all([
    Worker.create({ ...common, taskQueue: TASK_QUEUES.season, workflowBundle: await quietBundle(SEASON_WORKFLOW) }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.round, workflowBundle: await quietBundle(ROUND_WORKFLOW) }),
  ])
  const input: SeasonInput<Timeline> = { season: calendar.policy.id, timeline: calendar, technical: TECHNICAL }
  await rounds.runUntil(seasons.runUntil(async () => {
    const handle = await env.client.workflow.start(WORKFLOWS.season, { workflowId: seasonWorkflowId(input.season), taskQueue: TASK_QUEUES.season, args: [input] })
    const until = async (instant: number) => env.sleep(Math.max(1, instant - (await env.currentTimeMs())))
    const extend = async (name: string, phase: string, closesAt: number, more: Partial<ExtendRequest> = {}) => {
      const answer = await handle.executeUpdate<ExtendAnswer, [ExtendRequest]>(UPDATES.extendPhase, { args: [{ ...request, phase, closesAt, ...more }] }).catch((error: unknown) =>
        error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : error)
      answers.set(name, answer)
    }
    const closes = (phase: string) => phaseById(calendar, phase).closesAt
    await until(calendar.opensAt + HOUR_MS)
    await extend('accepted', 'register', closes('register') + HOUR_MS)
    await extend('past the next phase', 'register', phaseById(calendar, 'register-on-site').opensAt + 1)
    await extend('earlier', 'register', closes('register') - 1)
    await extend('unknown', 'nothing', closes('register'))
    await extend('a round', 'zoning', closes('zoning') + 1)
    await extend('without a reason', 'register', closes('register') + 2 * HOUR_MS, { reason: '' })
    await extend('refused by the owner', 'private-choice', closes('private-choice') + HOUR_MS)
    // An extension the season did not hear of: it learns of it when it wants to close.
    services.closesAt.set('register-on-site', closes('register-on-site') + HOUR_MS)
    await until(phaseById(calendar, 'private-choice').opensAt)
    await extend('closed', 'register', closes('register') + 2 * HOUR_MS)
    await approveWith(until)
    await handle.result()
    atLast = await handle.query<SeasonView>(QUERIES.getSeason)
  }))
}

/** Officers approve the one round that asks for it. */
async function approveWith(until: (instant: number) => Promise<void>): Promise<void> {
  const round = env.client.workflow.getHandle(roundWorkflowId(calendar.policy.id, 'private-admission'))
  const approve = async (name: string, officer: string) => {
    const answer = await round.executeUpdate<ApproveAnswer, [ApproveRequest]>(UPDATES.approve, { args: [{ officer }] }).catch((error: unknown) =>
      error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : error)
    approvals.push([name, answer])
  }
  await until(phaseById(calendar, 'private-admission').opensAt + HOUR_MS)
  await waitUntil(() => round.query<RoundView>(QUERIES.getRound), ({ stage }) => stage === 'approving')
  await voidWith(round)
  services.calls.push({ what: 'approvals begin', at: await env.currentTimeMs() })
  await approve('first', 'officer-1')
  await approve('same again', 'officer-1')
  await approve('second', 'officer-2')
  await approve('after the publication began', 'officer-3')
  await recheckWith(round, until, approve)
}

/** Its plan was wrong: two officers declare the run void, and one has the next one begun. */
async function voidWith(round: WorkflowHandle): Promise<void> {
  const told = async <R>(name: string, answer: Promise<R>) => {
    voids.push([name, await answer.catch((error: unknown) => error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : error)])
  }
  const declare = (officer: string, reason = 'a class was left out') => round.executeUpdate<VoidAnswer, [VoidRequest]>(UPDATES.void, { args: [{ officer, reason }] })
  const restart = (officer: string) => round.executeUpdate<RestartAnswer, [RestartRequest]>(UPDATES.restart, { args: [{ officer }] })
  await told('restart of a run that stands', restart('officer-1'))
  await told('without a reason', declare('officer-1', ' '))
  await told('first', declare('officer-1'))
  await told('same again', declare('officer-1'))
  await told('refused by the owner', declare('officer-9'))
  await told('first once more', declare('officer-1'))
  await told('second', declare('officer-2'))
  await waitUntil(() => round.query<RoundView>(QUERIES.getRound), ({ stage }) => stage === 'void')
  await told('of a run that is void', declare('officer-3'))
  const season = env.client.workflow.getHandle(seasonWorkflowId(calendar.policy.id))
  await waitUntil(() => season.query<SeasonView>(QUERIES.getSeason), ({ rounds }) => rounds.some(({ stage }) => stage === 'void'))
  await told('restart', restart('officer-1'))
  await waitUntil(() => round.query<RoundView>(QUERIES.getRound), ({ stage }) => stage === 'approving')
}

/** A group of it is held back: once the others are out, an officer has it checked again. */
async function recheckWith(round: WorkflowHandle, until: (instant: number) => Promise<void>, approve: (name: string, officer: string) => Promise<void>): Promise<void> {
  const recheck = async (name: string) => {
    const answer = await round.executeUpdate<RecheckAnswer, [RecheckRequest]>(UPDATES.recheck, { args: [{ officer: 'officer-1' }] }).catch((error: unknown) =>
      error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : error)
    rechecks.push([name, answer])
  }
  await recheck('before the publication')
  await until(phaseById(calendar, 'private-admission').publishAt! + HOUR_MS)
  await waitUntil(() => round.query<RoundView>(QUERIES.getRound), ({ stage }) => stage === 'published')
  await recheck('after the publication')
  await waitUntil(() => round.query<RoundView>(QUERIES.getRound), ({ stage }) => stage === 'approving')
  await recheck('while it is checked')
  await approve('of the supplement', 'officer-1')
  await approve('of the supplement', 'officer-3')
  await round.result()
}

const at = (what: string) => services.calls.find((call) => call.what === what)?.at ?? Number.NaN
const order = (...whats: string[]) => {
  const calls = services.calls.map(({ what }) => what)
  const positions = whats.map((what) => calls.indexOf(what))
  expect(positions.every((position) => position >= 0), `${whats.join(', ')} all happened`).toBe(true)
  expect(positions).toEqual([...positions].sort((a, b) => a - b))
}
const closing = (phase: string) => phaseById(calendar, phase).closesAt

describe('the season', () => {
  it('is installed everywhere before it is opened', () => {
    order('install registration', 'opened')
    order('install notification', 'opened')
  })

  it('closes a phase after its drain, and tells so', () => {
    expect(at('close police-check') - closing('police-check')).toBeGreaterThanOrEqual(TECHNICAL.drainMs)
    order('close police-check', 'told closed police-check')
  })

  it('follows an extension, its own and one it learns of from the owner', () => {
    expect(at('close register') - closing('register')).toBeGreaterThanOrEqual(HOUR_MS + TECHNICAL.drainMs)
    expect(at('close register-on-site') - closing('register-on-site')).toBeGreaterThanOrEqual(HOUR_MS + TECHNICAL.drainMs)
    order('extended register', 'close register')
  })

  it('answers extensions with the owner’s end, or with the reason why not', () => {
    expect(Object.fromEntries(answers)).toEqual({
      accepted: { phase: 'register', closesAt: closing('register') + HOUR_MS },
      'past the next phase': 'extension-refused',
      earlier: 'extension-refused',
      unknown: 'unknown-phase',
      'a round': 'extension-refused',
      'without a reason': 'invalid-input',
      'refused by the owner': 'extension-refused',
      closed: 'extension-refused',
    })
  })

  it('decides a round after the windows of its instant have closed, though the close took several tries', () => {
    order('close review', 'freeze zoning', 'draw zoning')
  })

  it('lets a later round of the same instant wait until the earlier one is decided', () => {
    order('check zoning', 'freeze own-school-admission', 'draw own-school-admission')
  })

  it('tells each round what the owners said of the phases it reads', () => {
    expect(services.expects.get('zoning')).toEqual(expect.arrayContaining(['register', 'review']))
    expect(services.expects.get('vacancy-admission')).toContain('vacancy-choice')
  })

  it('keeps a result secret until its phase opens, then lets it out in batches', async () => {
    const round = phaseById(calendar, 'private-admission')
    expect(at('draw private-admission')).toBeLessThan(round.publishAt!)
    expect(at('publish private-admission')).toBeGreaterThanOrEqual(round.publishAt!)
    expect(services.calls.filter(({ what }) => what === 'publish private-admission')).toHaveLength(4)
    const view = await env.client.workflow.getHandle(roundWorkflowId(calendar.policy.id, 'private-admission')).result()
    expect(view).toEqual({ phase: 'private-admission', stage: 'published', run: 2, listHash: 'ab', supplement: 1, approvedBy: ['officer-1', 'officer-3'] } satisfies RoundView)
  })

  it('begins a draw again with the next run where too few witnesses revealed', () => {
    order('commit zoning 1', 'reveal zoning 1', 'commit zoning 2', 'reveal zoning 2', 'draw zoning', 'check zoning')
    expect(services.calls.filter(({ what }) => what === 'draw zoning')).toHaveLength(1)
  })

  it('declares a run void when two different officers want it, and begins the next one when an officer says so', () => {
    expect(voids).toEqual([
      ['restart of a run that stands', 'round-conflict'], ['without a reason', 'invalid-input'],
      ['first', { run: 1, askedBy: ['officer-1'], void: false }], ['same again', 'round-conflict'], ['refused by the owner', 'round-conflict'],
      ['first once more', { run: 1, askedBy: ['officer-1'], void: false }], ['second', { run: 1, askedBy: ['officer-1', 'officer-2'], void: true }],
      ['of a run that is void', 'round-conflict'], ['restart', { run: 2 }],
    ])
    order('check private-admission', 'void private-admission 1: a class was left out, say officer-1 and officer-2', 'freeze private-admission for officer-1', 'approvals begin', 'publish private-admission')
    expect(services.calls.filter(({ what }) => what === 'draw private-admission')).toHaveLength(3)
  })

  it('publishes a round that asks for four eyes only once two different officers have approved it after the check', () => {
    order('check private-admission', 'approvals begin', 'publish private-admission')
    expect(approvals).toEqual([
      ['first', { approvedBy: ['officer-1'] }], ['same again', 'round-conflict'], ['second', { approvedBy: ['officer-1', 'officer-2'] }], ['after the publication began', 'round-conflict'],
      ['of the supplement', { approvedBy: ['officer-1'] }], ['of the supplement', { approvedBy: ['officer-1', 'officer-3'] }],
    ])
  })

  it('has groups that were held back checked again when an officer says so, once the others are out', () => {
    order('check private-admission', 'publish private-admission', 'check private-admission again')
    expect(rechecks).toEqual([['before the publication', 'round-conflict'], ['after the publication', { supplement: 1 }], ['while it is checked', 'round-conflict']])
  })

  it('publishes the vacancies after the check-ins have closed', () => {
    order('close private-check-in', 'publish vacancies', 'close vacancies')
  })

  it('closes everywhere once no child is left without an end', () => {
    order('close bureau-desk', 'children', 'close season registration', 'closed')
    expect(atLast.closed).toBe(true)
    expect(atLast.rounds.map(({ stage }) => stage)).toEqual(['published', 'published', 'published', 'published'])
    expect(atLast.phases.filter(({ closed }) => closed).map(({ phase }) => phase)).toContain('review')
  })
})
