import { setTimeout as delay } from 'node:timers/promises'
import express, { type Express, type Request as ExpressRequest, type Response } from 'express'
import { z } from 'zod'
import { policeEndpoints } from '../../contracts/http/police.js'
import { systemClock } from '../../platform/clock.js'
import { createHttpServer, implement, type Mounted } from '../../platform/http/index.js'
import { createLog, type Log } from '../../platform/log.js'
import { problem } from '../../platform/problem.js'
import { policeAnswerFor, POLICE_BEHAVIOURS, USUAL_SHARES, type PoliceBehaviour, type PoliceShares } from './police-answers.js'

export interface PoliceSimulatorOptions {
  /** With the ID number it decides what the police does about a child. */
  seed: number | string
  /** @default USUAL_SHARES */
  shares?: PoliceShares
  /** How long a `slow` answer takes. @default 1500 */
  slowMs?: number
  /** @default 127.0.0.1 */
  host?: string
  /** 0 for a free one. @default 0 */
  port?: number
  /** @default a silent one */
  log?: Log
}

/** The police that is not the police: it stands behind the contract of the real one and says so in every answer. */
export interface PoliceSimulator {
  url: string
  /** What it does about a child. */
  behaviourFor(idNumber: string): PoliceBehaviour
  /** Sets what it does about some children; also `PUT /simulator/plan` with the same object as JSON. */
  plan(behaviours: Record<string, PoliceBehaviour>): void
  /** Questions that came, by what it did. */
  asked(): Record<PoliceBehaviour, number>
  stop(): Promise<void>
}

const SIMULATOR_HEADER = 'x-ruxue-simulator'
/** A question without an answer is kept open that long; the asker gives up much sooner. */
const SILENCE_MS = 600_000
const STOP_MS = 200
const plans = z.record(z.string(), z.enum(POLICE_BEHAVIOURS))

/** Starts the simulated police. Only for rehearsals and tests. */
export async function startPoliceSimulator(options: PoliceSimulatorOptions): Promise<PoliceSimulator> {
  const planned = new Map<string, PoliceBehaviour>()
  const asked: Record<PoliceBehaviour, number> = { match: 0, mismatch: 0, unknown: 0, slow: 0, silent: 0 }
  const shares = options.shares ?? USUAL_SHARES
  policeAnswerFor(options.seed, '', shares)
  const behaviourFor = (idNumber: string) => planned.get(idNumber) ?? policeAnswerFor(options.seed, idNumber, shares)
  const plan = (behaviours: Record<string, PoliceBehaviour>) => {
    for (const [idNumber, behaviour] of Object.entries(behaviours)) planned.set(idNumber, behaviour)
  }
  const stopping = new AbortController()
  const log = options.log ?? createLog({ name: 'police-simulator', level: 'silent' })
  const endpoint = verifyHousehold(behaviourFor, asked, options.slowMs ?? 1_500, stopping.signal)
  const server = createHttpServer({
    name: 'police-simulator', endpoints: [endpoint], log, clock: systemClock,
    verifier: { verify: async () => { throw problem('unauthenticated', 'The simulator knows no callers') } },
    config: { requestTimeoutMs: SILENCE_MS, drainMs: STOP_MS, host: options.host ?? '127.0.0.1' },
    extend: (app) => label(app, plan),
  })
  const url = await server.listen(options.port ?? 0)
  log.warn({ url }, 'SIMULATOR: these are not the police')
  return {
    url, behaviourFor, plan,
    asked: () => ({ ...asked }),
    stop: async () => {
      stopping.abort()
      await server.close()
    },
  }
}

function label(app: Express, plan: (behaviours: Record<string, PoliceBehaviour>) => void): void {
  app.use((_request, response, next) => {
    response.set(SIMULATOR_HEADER, 'police')
    next()
  })
  app.put('/simulator/plan', express.json({ limit: '20mb' }), (request: ExpressRequest, response: Response) => {
    const parsed = plans.safeParse(request.body)
    if (!parsed.success) {
      response.status(400).json({ message: `expected ID number → ${POLICE_BEHAVIOURS.join(' | ')}` })
      return
    }
    plan(parsed.data)
    response.json({ planned: Object.keys(parsed.data).length })
  })
}

function verifyHousehold(
  behaviourFor: (idNumber: string) => PoliceBehaviour,
  asked: Record<PoliceBehaviour, number>,
  slowMs: number,
  stopping: AbortSignal,
): Mounted {
  return implement(policeEndpoints.verifyHousehold, {
    handle: async ({ body, signal }) => {
      const behaviour = behaviourFor(body.idNumber)
      asked[behaviour] += 1
      const pauseMs = behaviour === 'silent' ? SILENCE_MS : behaviour === 'slow' ? slowMs : 0
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal: AbortSignal.any([signal, stopping]) })
      return { reference: body.reference, answer: behaviour === 'mismatch' || behaviour === 'unknown' ? behaviour : 'match' as const }
    },
  })
}
