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
    const moving = [...await filledOutboxes(sources), ...await laggingGroups(sources), ...await openWorkflows(sources)]
    if (moving.length === 0 || Date.now() >= until) return moving.map(([where, what]) => ({ check: 'quiescence', what, where }))
    await delay(PAUSE_MS, undefined, { signal })
  }
}

type Moving = [where: string, what: string]

async function filledOutboxes({ databases }: Sources): Promise<Moving[]> {
  const moving: Moving[] = []
  for (const owner of OWNERS) {
    const [row] = await databases.query<{ count: number }>(owner, 'SELECT count(*)::int AS count FROM platform.outbox')
    if (row && row.count > 0) moving.push([owner, `has ${row.count} events in its outbox`])
  }
  return moving
}

async function laggingGroups({ kafka, topicPrefix }: Sources): Promise<Moving[]> {
  const groups = await withAdmin(kafka, async (admin) => {
    const { groups: all } = await admin.listGroups()
    const ours = all.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${topicPrefix}.`) && !id.startsWith(`${topicPrefix}.audit-`))
    return Promise.all(ours.map(async (id) => [id, (await admin.fetchOffsets({ groupId: id })).map(({ topic }) => topic)] as const))
  })
  const moving: Moving[] = []
  for (const [group, topics] of groups) {
    const lag = await groupLag(kafka, group, topics)
    if (lag > 0) moving.push([group, `is ${lag} events behind`])
  }
  return moving
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
