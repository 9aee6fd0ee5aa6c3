import { setTimeout as delay } from 'node:timers/promises'
import express, { type Express, type Request as ExpressRequest, type Response } from 'express'
import { z } from 'zod'
import { authorityEndpoints } from '../../contracts/http/authority.js'
import { factValue } from '../../contracts/http/common.js'
import { systemClock } from '../../platform/clock.js'
import { createHttpServer, implement, type Mounted } from '../../platform/http/index.js'
import { createLog, type Log } from '../../platform/log.js'
import { problem } from '../../platform/problem.js'
import { answerAbout, BEHAVIOURS, behaviourFor, USUAL_SHARES, type Behaviour, type Shares } from './authority-answers.js'

const authorityName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)

/** What an authority is to do about a child; values stand in for what was declared, null for none. */
const plan = z.strictObject({ does: z.enum(BEHAVIOURS), values: z.record(z.string(), factValue.nullable()).optional() })
/** ID number of a child → authority → plan. */
const plans = z.record(z.string(), z.record(authorityName, plan))
export type Plans = z.output<typeof plans>
type Plan = z.output<typeof plan>

export interface AuthoritySimulatorOptions {
  /** With the authority and the ID number it decides what is done about a child without a plan. */
  seed: number | string
  /** @default USUAL_SHARES */
  shares?: Shares
  /** How long a `slow` answer takes. @default 1500 */
  slowMs?: number
  /** @default 127.0.0.1 */
  host?: string
  /** 0 for a free one. @default 0 */
  port?: number
  /** @default a silent one */
  log?: Log
}

/** Authorities that are none: it stands behind their contract, for any of them, and says so in every answer. */
export interface AuthoritySimulator {
  url: string
  /** Where it plays an authority. */
  urlOf(authority: string): string
  /** Sets what authorities do about some children; also `PUT /simulator/plan` with the same object as JSON. */
  plan(plans: Plans): void
  /** Inquiries that came to an authority, by what it did. */
  asked(authority: string): Record<Behaviour, number>
  stop(): Promise<void>
}

const SIMULATOR_HEADER = 'x-ruxue-simulator'
/** An inquiry without an answer is kept open that long; the asker gives up much sooner. */
const SILENCE_MS = 600_000
const STOP_MS = 200
const NOBODY_ASKED: Record<Behaviour, number> = { match: 0, other: 0, unknown: 0, slow: 0, silent: 0 }

/** The contract of authorities, each under its own name. */
const inquire = { ...authorityEndpoints.inquire, path: '/:authority/inquiries', params: z.strictObject({ authority: authorityName }) }

/** Starts the simulated authorities. Only for rehearsals and tests. */
export async function startAuthoritySimulator(options: AuthoritySimulatorOptions): Promise<AuthoritySimulator> {
  const planned = new Map<string, Plan>()
  const asked = new Map<string, Record<Behaviour, number>>()
  const shares = options.shares ?? USUAL_SHARES
  behaviourFor(options.seed, '', '', shares)
  const planFor = (authority: string, idNumber: string): Plan =>
    planned.get(`${authority}/${idNumber}`) ?? { does: behaviourFor(options.seed, authority, idNumber, shares) }
  const count = (authority: string, behaviour: Behaviour) => {
    const counts = asked.get(authority) ?? { ...NOBODY_ASKED }
    counts[behaviour] += 1
    asked.set(authority, counts)
  }
  const take = (given: Plans) => {
    for (const [idNumber, byAuthority] of Object.entries(given)) {
      for (const [authority, one] of Object.entries(byAuthority)) planned.set(`${authority}/${idNumber}`, one)
    }
  }
  const stopping = new AbortController()
  const log = options.log ?? createLog({ name: 'authority-simulator', level: 'silent' })
  const server = createHttpServer({
    name: 'authority-simulator', endpoints: [answering({ planFor, count, slowMs: options.slowMs ?? 1_500, stopping: stopping.signal })], log, clock: systemClock,
    verifier: { verify: async () => { throw problem('unauthenticated', 'The simulator knows no callers') } },
    config: { requestTimeoutMs: SILENCE_MS, drainMs: STOP_MS, host: options.host ?? '127.0.0.1' },
    extend: (app) => label(app, take),
  })
  const url = await server.listen(options.port ?? 0)
  log.warn({ url }, 'SIMULATOR: these are no authorities')
  return {
    url,
    urlOf: (authority) => `${url}/${authority}`,
    plan: take,
    asked: (authority) => ({ ...NOBODY_ASKED, ...asked.get(authority) }),
    stop: async () => {
      stopping.abort()
      await server.close()
    },
  }
}

function label(app: Express, take: (plans: Plans) => void): void {
  app.use((_request, response, next) => {
    response.set(SIMULATOR_HEADER, 'authorities')
    next()
  })
  app.put('/simulator/plan', express.json({ limit: '20mb' }), (request: ExpressRequest, response: Response) => {
    const parsed = plans.safeParse(request.body)
    if (!parsed.success) {
      response.status(400).json({ message: `expected ID number → authority → { does: ${BEHAVIOURS.join(' | ')}, values? }` })
      return
    }
    take(parsed.data)
    response.json({ planned: Object.keys(parsed.data).length })
  })
}

interface Answering {
  planFor(authority: string, idNumber: string): Plan
  count(authority: string, behaviour: Behaviour): void
  slowMs: number
  stopping: AbortSignal
}

function answering({ planFor, count, slowMs, stopping }: Answering): Mounted {
  return implement(inquire, {
    handle: async ({ params: { authority }, body: { reference, child, addresses, facts }, signal }) => {
      const { does, values = {} } = planFor(authority, child.idNumber)
      count(authority, does)
      const pauseMs = does === 'silent' ? SILENCE_MS : does === 'slow' ? slowMs : 0
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal: AbortSignal.any([signal, stopping]) })
      const answers = facts.map((asked) =>
        [asked.fact, answerAbout(does, asked, asked.declared !== undefined || asked.fact in addresses, values[asked.fact])] as const)
      return { reference, answers: Object.fromEntries(answers) }
    },
  })
}
