import { expect, it, vi } from 'vitest'
import { createLog } from '../../platform/log.js'
import { windowDigest } from '../../platform/windows/index.js'
import { factsAbout, openSeason, publicSchool, startAllocation, zoneOf } from './allocation.fixture.js'
import type * as Engine from './domain/rounds/engine/allocate.js'

// An engine with a bug: it places nobody.
vi.mock('./domain/rounds/engine/allocate.js', async (original) => {
  const { allocate, ...engine } = await original<typeof Engine>()
  const buggy: typeof allocate = (...given) => {
    const result = allocate(...given)
    return { ...result, assignments: result.assignments.map(({ applicant }) => ({ applicant, school: null, choice: null, reason: 'no-seat' })) }
  }
  return { ...engine, allocate: buggy }
})

it('a result that breaks a property is held back with an alarm, and nothing of it is stored', async () => {
  const alarms: string[] = []
  const running = await startAllocation({ log: createLog({ name: 'test', level: 'fatal' }, { write: (line) => alarms.push(line) }) })
  const [season, phase] = ['unsound', 'zoning']
  await openSeason(running, season, { schools: [publicSchool('north', 1)], zones: [zoneOf('only-north', 'north')] })
  const about = factsAbout(season, 1)
  await running.tell([about.roster(), about.registered({ zones: { 'household.address': 'only-north' } }), about.reviewed('approved')])
  await running.service.freezeRound({ params: { season, phase }, body: { expects: [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }] } })
  await expect(running.service.decideRound({ params: { season, phase }, body: {} })).rejects.toMatchObject({ type: 'internal' })
  expect(alarms.map((line) => JSON.parse(line) as object)).toMatchObject([{ round: 'unsound/zoning/1', wrong: expect.arrayContaining([expect.objectContaining({ property: 'claims' })]) }])
  expect(await running.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'frozen' })
  for (const table of ['round_run', 'round_result']) expect(await running.sql(`SELECT 1 FROM ${table}`)).toEqual([])
  expect(await running.sql('SELECT 1 FROM seat WHERE child IS NOT NULL')).toEqual([])
})
