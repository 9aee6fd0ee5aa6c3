import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import express, { type Express, type Request as ExpressRequest, type Response } from 'express'
import { z } from 'zod'
import { witnessEndpoints } from '../../contracts/http/witness.js'
import { systemClock } from '../../platform/clock.js'
import { canonicalJson } from '../../platform/crypto.js'
import { createHttpServer, implement, type Mounted } from '../../platform/http/index.js'
import { createLog, type Log } from '../../platform/log.js'
import { problem } from '../../platform/problem.js'

/** What a witness does: takes part, does not answer at all, or not at the reveal, or shows another secret then. */
export const WITNESS_BEHAVIOURS = ['present', 'silent', 'stays-away', 'wrong'] as const
export type WitnessBehaviour = (typeof WITNESS_BEHAVIOURS)[number]

export interface WitnessSimulatorOptions {
  /** With the hash of the freeze and the name it makes the secret. */
  seed: number | string
  /** @default 127.0.0.1 */
  host?: string
  /** 0 for a free one. @default 0 */
  port?: number
  /** @default a silent one */
  log?: Log
}

/** Witnesses that are none: they stand behind the contract of real ones, and say so in every answer. */
export interface WitnessSimulator {
  url: string
  /** Sets what some witnesses do; also `PUT /simulator/plan` with the same object as JSON. */
  plan(behaviours: Record<string, WitnessBehaviour>): void
  stop(): Promise<void>
}

const SIMULATOR_HEADER = 'x-ruxue-simulator'
/** A question without an answer is kept open that long; the asker gives up much sooner. */
const SILENCE_MS = 600_000
const STOP_MS = 200
const plans = z.record(z.string(), z.enum(WITNESS_BEHAVIOURS))

/** Starts simulated witnesses, any number by their names. Their secrets can be known before: only for rehearsals and tests. */
export async function startWitnessSimulator(options: WitnessSimulatorOptions): Promise<WitnessSimulator> {
  const planned = new Map<string, WitnessBehaviour>()
  const plan = (behaviours: Record<string, WitnessBehaviour>) => {
    for (const [name, behaviour] of Object.entries(behaviours)) planned.set(name, behaviour)
  }
  const stopping = new AbortController()
  const log = options.log ?? createLog({ name: 'witness-simulator', level: 'silent' })
  const server = createHttpServer({
    name: 'witness-simulator', endpoints: witness(options.seed, (name) => planned.get(name) ?? 'present', stopping.signal), log, clock: systemClock,
    verifier: { verify: async () => { throw problem('unauthenticated', 'The simulator knows no callers') } },
    config: { requestTimeoutMs: SILENCE_MS, drainMs: STOP_MS, host: options.host ?? '127.0.0.1' },
    extend: (app) => label(app, plan),
  })
  const url = await server.listen(options.port ?? 0)
  log.warn({ url }, 'SIMULATOR: these are no witnesses')
  return {
    url, plan,
    stop: async () => {
      stopping.abort()
      await server.close()
    },
  }
}

function witness(seed: number | string, behaviourOf: (name: string) => WitnessBehaviour, stopping: AbortSignal): Mounted[] {
  const secretOf = (name: string, freeze: string) => sha256(`witness ${seed} ${name} ${freeze}`)
  const shownFor = new Map<string, string>()
  const keepSilent = (signal: AbortSignal) => delay(SILENCE_MS, undefined, { signal: AbortSignal.any([signal, stopping]) })
  return [
    implement(witnessEndpoints.commit, {
      handle: async ({ body: { name, freeze }, signal }) => {
        if (behaviourOf(name) === 'silent') await keepSilent(signal)
        return { commitment: commitmentOf(freeze.hash, name, secretOf(name, freeze.hash)) }
      },
    }),
    implement(witnessEndpoints.reveal, {
      handle: async ({ body: { name, commit }, signal }) => {
        const behaviour = behaviourOf(name)
        if (behaviour === 'silent' || behaviour === 'stays-away') await keepSilent(signal)
        const secret = secretOf(name, commit.previous)
        const isFirst = (shownFor.get(`${name} ${commit.previous}`) ?? commit.hash) === commit.hash
        const isWhole = sha256(canonicalJson({ ...commit, hash: undefined })) === commit.hash
        const isNamed = commit.sources.some((source) => source.kind === 'witness' && source.name === name && source.commitment === commitmentOf(commit.previous, name, secret))
        if (!isFirst || !isWhole || !isNamed) throw problem('round-conflict', `It is not the commit for which ${name} shows its secret`)
        shownFor.set(`${name} ${commit.previous}`, commit.hash)
        return { secret: behaviour === 'wrong' ? sha256(secret) : secret }
      },
    }),
  ]
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** As docs/draw.md says; written here again, for a witness needs no program of ours. */
const commitmentOf = (freeze: string, name: string, secret: string): string => sha256(`ruxue.draw.v1 witness\n${freeze}\n${name}\n${secret}\n`)

function label(app: Express, plan: (behaviours: Record<string, WitnessBehaviour>) => void): void {
  app.use((_request, response, next) => {
    response.set(SIMULATOR_HEADER, 'witness')
    next()
  })
  app.put('/simulator/plan', express.json(), (request: ExpressRequest, response: Response) => {
    const parsed = plans.safeParse(request.body)
    if (!parsed.success) {
      response.status(400).json({ message: `expected name → ${WITNESS_BEHAVIOURS.join(' | ')}` })
      return
    }
    plan(parsed.data)
    response.json({ planned: Object.keys(parsed.data).length })
  })
}
