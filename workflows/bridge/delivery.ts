import pLimit from 'p-limit'
import type { Technical } from '../../contracts/workflows.js'
import type { Source } from '../../platform/kafka/index.js'
import type { Log } from '../../platform/log.js'
import type { ChildWorkflows } from '../enrollment/client.js'
import type { Bridged } from './facts.js'
import type { BridgeMetrics } from './metrics.js'
import type { Pace } from './pace.js'
import type { Seasons } from './seasons.js'

/** Facts in hand belong to children whose workflow is not there yet; asking again is all there is to do. */
export class NotStartedYet extends Error {
  override readonly name = 'NotStartedYet'
}

/** A child whose workflow nobody started for so long that the others should not wait for it any longer. */
export class NeverStarted extends Error {
  override readonly name = 'NeverStarted'
}

export interface DeliveryParts {
  workflows: ChildWorkflows
  seasons: Seasons
  technical: Technical
  pace: Pace
  log: Log
  metrics: BridgeMetrics
  /** How long a fact waits for its child's workflow before it is put aside (ms). */
  patienceMs: number
  now?: () => number
}

/** Children told at the same time. */
const CONCURRENCY = 32
const PROGRESS = 1_000

type Delivered = 'done' | 'waiting'

/**
 * Hands facts to the children's workflows: the facts of one child in their order, children side by side. What has
 * been acknowledged is not sent again when the batch is tried again.
 * @returns a handler of batches; throws NotStartedYet to be called again, NeverStarted for what is to be put aside
 */
export function createDelivery(parts: DeliveryParts): (batch: Bridged[], source: Source) => Promise<void> {
  const done = new Set<string>()
  const waitingSince = new Map<string, number>()
  const now = parts.now ?? Date.now
  const counter = { started: 0 }

  return async (batch, { topic }) => {
    const limit = pLimit(CONCURRENCY)
    const waiting = await Promise.all([...byChild(batch).values()].map((facts) => limit(() => tellInOrder(facts, parts, done, counter))))
    const blocked = waiting.filter((bridged) => bridged !== undefined)
    parts.metrics.waiting.set({ topic }, blocked.length)
    if (blocked.length === 0) {
      for (const bridged of batch) {
        done.delete(bridged.event.id)
        waitingSince.delete(childOf(bridged))
      }
      return
    }
    for (const bridged of blocked) if (!waitingSince.has(childOf(bridged))) waitingSince.set(childOf(bridged), now())
    const lost = blocked.find((bridged) => now() - waitingSince.get(childOf(bridged))! >= parts.patienceMs)
    if (!lost) throw new NotStartedYet(`${blocked.length} children have no workflow yet`)
    throw new NeverStarted(`child ${lost.event.subject} has no workflow in season ${lost.event.season}`)
  }
}

const childOf = ({ event }: Bridged): string => `${event.season}/${event.subject}`

function byChild(batch: Bridged[]): Map<string, Bridged[]> {
  const children = new Map<string, Bridged[]>()
  for (const bridged of batch) {
    if (!bridged.fact) continue
    children.set(childOf(bridged), [...(children.get(childOf(bridged)) ?? []), bridged])
  }
  return children
}

/** Tells a child's facts in order; the first that must wait stops those behind it and is returned. */
async function tellInOrder(facts: Bridged[], parts: DeliveryParts, done: Set<string>, counter: { started: number }): Promise<Bridged | undefined> {
  for (const bridged of facts) {
    if (done.has(bridged.event.id)) continue
    if ((await deliver(bridged, parts, counter)) === 'waiting') return bridged
    done.add(bridged.event.id)
  }
  return undefined
}

async function deliver(bridged: Bridged, parts: DeliveryParts, counter: { started: number }): Promise<Delivered> {
  const { fact, event, starts } = bridged
  if (!fact) return 'done'
  if (starts !== 'first') {
    const told = await parts.workflows.tell(fact)
    if (told === 'told') parts.metrics.told.inc({ type: event.type })
    if (told === 'ended') return late(bridged, parts)
    if (told !== 'absent') return 'done'
  }
  if (await parts.seasons.isClosed(fact.season)) return late(bridged, parts)
  return starts === 'never' ? 'waiting' : start(bridged, parts, counter)
}

async function start(bridged: Bridged, parts: DeliveryParts, counter: { started: number }): Promise<Delivered> {
  const { season, child } = bridged.fact!
  const timeline = await parts.seasons.timeline(season)
  await parts.pace.turn()
  if ((await parts.workflows.start({ season, child, timeline, technical: parts.technical }, bridged.fact!)) === 'ended') return late(bridged, parts)
  parts.metrics.started.inc()
  counter.started += 1
  if (counter.started % PROGRESS === 0) parts.log.info({ season, started: counter.started }, 'children’s workflows started')
  return 'done'
}

/** Too late to change anything; recorded, so that nobody has to wonder where it went. */
function late({ event }: Bridged, { metrics, log }: DeliveryParts): Delivered {
  metrics.late.inc({ type: event.type })
  log.warn({ season: event.season, child: event.subject, event: event.id, type: event.type }, 'a fact came after the end of its child’s season')
  return 'done'
}
