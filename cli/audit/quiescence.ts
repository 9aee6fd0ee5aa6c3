import { setTimeout as delay } from 'node:timers/promises'
import { groupLag, withAdmin } from '../../platform/kafka/index.js'
import type { Sources } from './evidence.js'
import type { Violation } from './report.js'
import { OWNERS } from './sources/databases.js'
import { readRunning } from './sources/workflows.js'

const PAUSE_MS = 250

/**
 * Waits until nothing moves any more: outboxes empty, no consumer behind, and once the season has closed no workflow
 * of it left running.
 * @param waitMs how long at most; 0 looks once
 * @returns what still moves then
 */
export async function waitForQuiescence(sources: Sources, waitMs: number, signal?: AbortSignal): Promise<Violation[]> {
  const until = Date.now() + waitMs
  for (;;) {
    const moving = (await Promise.all([filledOutboxes(sources), laggingGroups(sources), openWorkflows(sources)])).flat()
    if (moving.length === 0 || Date.now() >= until) return moving.map(([where, what]) => ({ check: 'quiescence', what, where }))
    await delay(PAUSE_MS, undefined, { signal })
  }
}

type Moving = [where: string, what: string]

async function filledOutboxes({ databases }: Sources): Promise<Moving[]> {
  const counts = await Promise.all(OWNERS.map(async (owner) => {
    const [row] = await databases.query<{ count: number }>(owner, 'SELECT count(*)::int AS count FROM platform.outbox')
    return [owner, row?.count ?? 0] as const
  }))
  return counts.filter(([, count]) => count > 0).map(([owner, count]) => [owner, `has ${count} events in its outbox`])
}

async function laggingGroups({ kafka, topicPrefix }: Sources): Promise<Moving[]> {
  const groups = await withAdmin(kafka, async (admin) => {
    const { groups: all } = await admin.listGroups()
    const ours = all.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${topicPrefix}.`) && !id.startsWith(`${topicPrefix}.audit-`))
    return Promise.all(ours.map(async (id) => [id, (await admin.fetchOffsets({ groupId: id })).map(({ topic }) => topic)] as const))
  })
  const lags = await Promise.all(groups.map(async ([group, topics]) => [group, await groupLag(kafka, group, topics)] as const))
  return lags.filter(([, lag]) => lag > 0).map(([group, lag]) => [group, `is ${lag} events behind`])
}

async function openWorkflows({ databases, temporal, season }: Sources): Promise<Moving[]> {
  if (!(await isClosed({ databases, season }))) return []
  return (await readRunning(temporal, season)).map((id) => [id, 'still runs'])
}

/** Whether the owners hold the season for closed. */
export async function isClosed({ databases, season }: Pick<Sources, 'databases' | 'season'>): Promise<boolean> {
  const rows = await databases.query<{ state: string }>('allocation', 'SELECT state FROM platform.season WHERE id = $1', season)
  return rows[0]?.state === 'closed'
}
