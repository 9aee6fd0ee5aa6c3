import { readFile } from 'node:fs/promises'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import proto from '@temporalio/proto'
import { beforeAll, expect, it } from 'vitest'
import { spanOf, stepsOf, tallyOf } from './shape.js'

const { History } = proto.temporal.api.history.v1
let history: proto.temporal.api.history.v1.IHistory
beforeAll(async () => {
  const file = new URL('../../replay/histories/public-ordinary.json', import.meta.url)
  // As the server sends it.
  history = History.decode(History.encode(historyFromJSON(JSON.parse(await readFile(file, 'utf8')))).finish())
})

it('a bare likeness has a step for each workflow task and repeats every command', () => {
  const tally = tallyOf(history)
  const steps = stepsOf(history, spanOf(history).startedAt)
  const given = steps.flatMap(({ commands }) => commands)
  const count = (kind: string) => given.filter((command) => command.kind === kind).length
  expect(steps).toHaveLength(tally.workflowTasks)
  expect({ timers: count('timer'), activities: count('activity'), locals: count('local'), upserts: count('upsert') })
    .toEqual({ timers: tally.timersStarted, activities: tally.activities, locals: tally.localActivities, upserts: tally.upserts })
})

it('a step waits for all that had come by then', () => {
  const tally = tallyOf(history)
  const steps = stepsOf(history, spanOf(history).startedAt)
  expect(steps.at(0)).toMatchObject({ signals: 1, done: 0, fired: [] })
  expect(steps.at(-1)).toMatchObject({ signals: tally.signals, done: tally.activities })
  expect(steps.flatMap(({ fired }) => fired)).toHaveLength(tally.timersFired)
})

it('timers are due at the instants at which the real ones were', () => {
  const { startedAt, closedAt } = spanOf(history)
  const timers = stepsOf(history, startedAt).flatMap(({ commands }) => commands.filter((command) => command.kind === 'timer'))
  expect(Math.abs(timers.at(-1)!.atMs - (closedAt - startedAt))).toBeLessThan(1_000)
})
