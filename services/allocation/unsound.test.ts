import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createLog } from '../../platform/log.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, openSeason, publicSchool, startAllocation, zoneOf } from './allocation.fixture.js'

/** A second implementation that confirms everything but what is drawn in Erdao. */
const DISSENTER = `node ${fileURLToPath(new URL('checking/dissenter.fixture.mjs', import.meta.url))}`

it('a group that the second implementation does not confirm is held back with an alarm, and the others go out', async () => {
  const alarms: string[] = []
  const log = createLog({ name: 'test', level: 'fatal' }, { write: (line) => alarms.push(line) })
  const running = await startAllocation({ log, more: { secondCheck: DISSENTER } })
  const [season, phase] = ['unsound', 'zoning']
  const far = { ...publicSchool('far', 1), district: 'erdao' }
  await openSeason(running, season, { schools: [publicSchool('north', 1), far], zones: [zoneOf('only-north', 'north'), zoneOf('only-far', 'far')] }, () => undefined, [{ id: 'erdao', name: 'Erdao' }])
  await running.tell([[1, 'only-north'], [2, 'only-far']].flatMap(([n, zone]) => {
    const about = factsAbout(season, Number(n))
    return [about.roster(), about.registered({ zones: { 'household.address': String(zone) } }), about.reviewed('approved')]
  }))
  await running.service.freezeRound({ params: { season, phase }, body: { expects: [{ phase: 'review', ...(await windowDigest(running.database, season, 'review', 'review')) }] } })
  expect(await decideRound(running, season, phase)).toMatchObject({ state: 'decided', held: ['unsound/zoning/erdao'] })
  expect(alarms.map((line) => JSON.parse(line) as object)).toMatchObject([{ group: 'unsound/zoning/erdao', wrong: ['dissenter.fixture.mjs: draw /groups/0/result not mine'] }])
  expect(await running.service.publishRound({ params: { season, phase }, body: { limit: 10 } })).toEqual({ published: 1, left: 0 })
  const place = (n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
  expect((await place(1)).outcomes).toEqual({ zoning: 'admitted' })
  expect((await place(2)).outcomes).toEqual({})
  const published = await running.guardian(1).getTranscript({ params: { season, phase } })
  expect(published.groups.map(({ result }) => result !== undefined)).toEqual([false, true])
  expect(await running.sql('SELECT school, reserved_for FROM seat WHERE season = $1 AND child IS NULL', [season])).toEqual([{ school: 'far', reserved_for: phase }])
  await expect(running.service.closePhase({ params: { season, phase } })).rejects.toMatchObject({ type: 'not-yet' })
})
