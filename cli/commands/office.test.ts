import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Command } from 'commander'
import { allocationEndpoints } from '../../contracts/http/allocation.js'
import { consoleEndpoints } from '../../contracts/http/console.js'
import { proposalEndpoints } from '../../contracts/http/proposals.js'
import { createIssuer, createVerifier, generateTokenKeys, type Issuer } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { createHttpServer, implement, type HttpServer } from '../../platform/http/index.js'
import { createLog } from '../../platform/log.js'
import { problem } from '../../platform/problem.js'
import { useCommand } from './command.fixture.js'
import { deskCommand } from './desk.js'
import { planCommand } from './plan.js'
import { proposalsCommand } from './proposals.js'
import { roundCommand } from './round.js'

const SEASON = 's-2023'
const child = (n: number) => `c${'abcdefgh'[n]!.repeat(25)}`
const { told, run } = useCommand(() => new Command().addCommand(roundCommand()).addCommand(proposalsCommand()).addCommand(deskCommand()).addCommand(planCommand()))

let server: HttpServer
let url: string
let issuer: Issuer
/** What the platform was asked for, with who asked. */
let asked: unknown[] = []
const approvedBy: string[] = []

/** A platform of which only the answers are made up: a round that waits for officers, three proposals, one case. */
const endpoints = [
  implement(consoleEndpoints.listRounds, {
    handle: async () => ({
      rounds: [
        { phase: 'draw', state: 'frozen' as const, step: 'check' as const, children: 61, held: ['north'], live: { stage: 'approving' as const, approvedBy } },
        { phase: 'adjusted', state: 'void' as const, run: 1, live: { stage: 'void' as const, approvedBy: [], voidAskedBy: ['officer-1', 'officer-2'] } },
      ],
    }),
  }),
  implement(consoleEndpoints.approveRound, {
    handle: async ({ params: { phase }, caller: { subject } }) => {
      if (approvedBy.includes(subject)) throw problem('round-conflict', 'Another officer has to approve as well')
      approvedBy.push(subject)
      return { phase, approvals: approvedBy.length }
    },
  }),
  implement(consoleEndpoints.recheckRound, {
    handle: async ({ params: { phase }, body: { reason }, caller: { subject } }) => {
      asked.push({ subject, reason })
      return { phase, supplement: 1 }
    },
  }),
  implement(consoleEndpoints.voidRound, {
    handle: async ({ params: { phase }, body: { reason }, caller: { subject } }) => {
      asked.push({ subject, reason })
      return { phase, run: 1, officers: asked.length, void: asked.length > 1 }
    },
  }),
  implement(consoleEndpoints.restartRound, {
    handle: async ({ params: { phase }, caller: { subject } }) => {
      asked.push({ subject })
      return { phase, run: 2 }
    },
  }),
  implement(consoleEndpoints.listArrangementCases, {
    handle: async ({ query }) => {
      asked.push(query)
      return { cases: [{ child: child(1), phase: 'disability-desk', cause: { outcome: 'approved', of: 'review' }, openedAt: '2023-06-16T00:00:00.000Z' }] }
    },
  }),
  implement(consoleEndpoints.arrangeChild, {
    about: async () => ({}),
    handle: async ({ params, body: { decision, reason }, caller: { subject } }) => {
      asked.push({ subject, decision, reason })
      if ('place' in decision && decision.place === 'full') throw problem('school-full', 'No seat is left')
      return { child: params.child, receivedAt: '2023-06-16T00:00:00.000Z', ...('place' in decision ? { status: 'arranged' as const, school: decision.place } : { status: 'ended' as const }) }
    },
  }),
  implement(allocationEndpoints.listSchools, {
    handle: async ({ query: { district, cursor } }) => {
      asked.push({ district })
      const [id, next] = cursor === undefined ? ['east', 'east'] : ['west', undefined]
      return { schools: [{ id, name: '实验', district: 'north', facts: {}, plan: 40, held: 3, taken: 30, free: 7 }], ...(next && { next }) }
    },
  }),
  implement(allocationEndpoints.setPlan, {
    handle: async ({ params: { school }, body: { plan }, caller: { subject } }) => {
      asked.push({ subject, plan })
      return { school, before: 40, plan }
    },
  }),
  implement(proposalEndpoints.listProposals, {
    handle: async ({ query: { cursor } }) => (cursor === undefined
      ? {
        proposals: [
          { child: child(1), school: 'west', metres: 100, reason: 'nearest' as const, nearer: [] },
          { child: child(2), school: 'east', metres: 900, reason: 'nearer-full' as const, nearer: ['west'], verdict: 'approved' as const },
        ],
        next: child(2),
      }
      : { proposals: [{ child: child(3), school: null, metres: null, reason: 'no-seat' as const, nearer: ['west', 'east'] }] }),
  }),
  implement(proposalEndpoints.judgeProposals, {
    handle: async ({ body, caller: { subject } }) => {
      asked.push({ subject, ...body })
      return { approved: 2, refused: 0, open: 0 }
    },
  }),
]

beforeAll(async () => {
  const keys = await generateTokenKeys()
  issuer = await createIssuer(keys)
  const config = { host: '127.0.0.1', requestTimeoutMs: 5_000, drainMs: 200 }
  server = createHttpServer({ name: 'office', endpoints, verifier: await createVerifier(keys), log: createLog({ name: 'test', level: 'silent' }), clock: systemClock, config })
  url = await server.listen(0)
})
afterAll(() => server?.close())
beforeEach(async () => {
  asked = []
  approvedBy.length = 0
  await actAs('officer-7')
})
const actAs = async (subject: string) => { process.env['RUXUE_TOKEN'] = await issuer.sign({ subject, role: 'city' }, 60) }
const command = (...args: string[]) => run(...args, '--at', url)

describe('ruxue round', () => {
  it('shows the step of the ceremony, groups held back and who has approved', async () => {
    approvedBy.push('officer-3')
    expect(await command('round', 'show', SEASON)).toBe(0)
    expect(told.out).toMatch(/draw .*waits for approval.*check.*61.*north.*officer-3/)
    expect(told.out).toMatch(/adjusted .*void.*1.*officer-1, officer-2/)
  })

  it('shows one round as JSON, and refuses one that is not there', async () => {
    expect(await command('round', 'show', SEASON, 'draw', '--json')).toBe(0)
    expect(JSON.parse(told.out)).toMatchObject([{ phase: 'draw', live: { stage: 'approving' } }])
    expect(await command('round', 'show', SEASON, 'nowhere')).toBe(1)
    expect(told.err).toContain('refused, unknown-phase: Season s-2023 has no round nowhere')
  })

  it('has held groups checked again, and says as what they go out', async () => {
    expect(await command('round', 'recheck', SEASON, 'draw', '--reason', 'mended')).toBe(0)
    expect(told.out).toContain('published as supplement 1')
    expect(asked).toEqual([{ subject: 'officer-7', reason: 'mended' }])
  })

  it('declares a run void with two officers, says what comes next, and begins it again', async () => {
    const declare = () => command('round', 'void', SEASON, 'draw', '--reason', 'a class was left out')
    expect(await declare()).toBe(0)
    expect(told.out).toContain('draw: another officer has to ask for it as well; run 1 still stands')
    await actAs('officer-8')
    expect(await declare()).toBe(0)
    expect(told.out).toContain(`draw: run 1 is void; correct the plans, then: ruxue round restart ${SEASON} draw`)
    expect(await command('round', 'restart', SEASON, 'draw')).toBe(0)
    expect(told.out).toContain('draw: run 2 begins')
    expect(asked).toEqual([{ subject: 'officer-7', reason: 'a class was left out' }, { subject: 'officer-8', reason: 'a class was left out' }, { subject: 'officer-8' }])
  })

  it('takes the approvals of two officers, and not twice that of one', async () => {
    expect(await command('round', 'approve', SEASON, 'draw')).toBe(0)
    expect(await command('round', 'approve', SEASON, 'draw')).toBe(1)
    expect(told.err).toContain('refused, round-conflict: Another officer has to approve as well')
    await actAs('officer-8')
    expect(await command('round', 'approve', SEASON, 'draw')).toBe(0)
    expect(told.out).toContain('draw: officers who have approved: 2')
    expect(approvedBy).toEqual(['officer-7', 'officer-8'])
  })
})

describe('ruxue plan', () => {
  it('shows every school with its seats, and changes the plan of one', async () => {
    expect(await command('plan', 'show', SEASON, '--district', 'north')).toBe(0)
    expect(told.out).toMatch(/east .*实验 .*north .*40 .*3 .*30 .*7/)
    expect(told.out).toMatch(/west /)
    expect(await command('plan', 'set', SEASON, 'west', '45')).toBe(0)
    expect(told.out).toContain('west: the plan was 40 and is 45')
    expect(asked).toEqual([{ district: 'north' }, { district: 'north' }, { subject: 'officer-7', plan: 45 }])
  })

  it('takes whole numbers of seats only', async () => {
    expect(await command('plan', 'set', SEASON, 'west', '4.5')).toBe(2)
    expect(told.err).toContain('the plan is a whole number of seats')
  })
})

describe('ruxue proposals', () => {
  it('lists all pages, or only what is open', async () => {
    expect(await command('proposals', 'list', SEASON, 'adjusted', '--json')).toBe(0)
    expect((JSON.parse(told.out) as { child: string }[]).map((proposal) => proposal.child)).toEqual([1, 2, 3].map(child))
    told.out = ''
    expect(await command('proposals', 'list', SEASON, 'adjusted', '--open')).toBe(0)
    expect(told.out).toContain(child(1))
    expect(told.out).not.toContain(child(2))
    expect(told.out).not.toContain(child(3))
  })

  it('approves one, some or all, and refuses with a reason', async () => {
    expect(await command('proposals', 'approve', SEASON, 'adjusted', child(1), child(2))).toBe(0)
    expect(told.out).toContain('adjusted: 2 approved, 0 refused, 0 open')
    expect(await command('proposals', 'approve', SEASON, 'adjusted', '--all')).toBe(0)
    expect(await command('proposals', 'refuse', SEASON, 'adjusted', child(1), '--reason', 'the way crosses the motorway')).toBe(0)
    expect(asked).toEqual([
      { subject: 'officer-7', verdict: 'approved', children: [child(1), child(2)] },
      { subject: 'officer-7', verdict: 'approved', children: 'all' },
      { subject: 'officer-7', verdict: 'refused', children: [child(1)], reason: 'the way crosses the motorway' },
    ])
  })

  it('approves nothing when it is not said what, or said twice', async () => {
    expect(await command('proposals', 'approve', SEASON, 'adjusted')).toBe(2)
    expect(await command('proposals', 'approve', SEASON, 'adjusted', child(1), '--all')).toBe(2)
    expect(told.err).toContain('name the children, or say --all')
    expect(asked).toEqual([])
  })
})

describe('ruxue desk', () => {
  it('lists the cases of one desk', async () => {
    expect(await command('desk', 'list', SEASON, '--phase', 'disability-desk')).toBe(0)
    expect(told.out).toMatch(new RegExp(`${child(1)}.*disability-desk.*review approved`))
    expect(asked).toMatchObject([{ state: 'open', phase: 'disability-desk' }])
  })

  it('gives a place in a way, ends a season in deferral, and says why a school takes nobody', async () => {
    expect(await command('desk', 'place', SEASON, child(1), 'west', '--way', 'inclusive-class', '--reason', 'as the papers say')).toBe(0)
    expect(told.out).toContain(`${child(1)} is arranged at west`)
    expect(await command('desk', 'end', SEASON, child(2), '按鉴定意见缓学', '--deferral', '--reason', 'as the papers say')).toBe(0)
    expect(asked).toMatchObject([
      { subject: 'officer-7', decision: { place: 'west', way: 'inclusive-class' } },
      { decision: { end: '按鉴定意见缓学', way: 'deferral' } },
    ])
    expect(await command('desk', 'place', SEASON, child(1), 'full', '--reason', 'nearest')).toBe(1)
    expect(told.err).toContain('refused, school-full: No seat is left')
  })
})

describe('an officer’s command', () => {
  it('says what is missing: who commands, the token, a platform that answers', async () => {
    expect(await run('round', 'approve', SEASON, 'draw', '--state', told.dir)).toBe(2)
    expect(told.err).toContain('say who commands with --officer NAME')
    expect(await run('round', 'show', SEASON, '--state', told.dir)).toBe(3)
    expect(told.err).toContain('no platform is running')
    expect(await run('round', 'show', SEASON, '--at', 'http://127.0.0.1:9')).toBe(3)
    expect(told.err).toContain('nobody answers at http://127.0.0.1:9')
    delete process.env['RUXUE_TOKEN']
    expect(await command('round', 'show', SEASON)).toBe(2)
    expect(told.err).toContain('RUXUE_TOKEN')
  })
})
