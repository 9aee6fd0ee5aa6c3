import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { databaseUrl, pgSql } from '../../platform/postgres/index.js'
import { windowDigest } from '../../platform/windows/index.js'
import { phaseById } from '../../policies/timeline.js'
import { CITY, PLATFORM, SEASON, importCsv, ordinaryAnswers, people, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const families = people(3)

async function withRoster(moveBy = 0) {
  const registration = await startRegistration({ moveBy })
  await importCsv(registration.as(CITY), 'roster', rosterOf(...families.map((family) => rowOf(family))))
  return registration
}

const file = (registration: Registration, at: number) => {
  const family = families[at]!
  return registration.guardianOf(family).fileForm({
    params: { season: SEASON, phase: 'register', child: registration.childOf(family) },
    body: { answers: ordinaryAnswers },
  })
}

/** Sessions that wait for a lock in this database. */
const waiting = async (registration: Registration): Promise<number> =>
  (await registration.sql.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rowCount ?? 0

describe('a submission in time whose transaction is still open at the close', () => {
  it('is waited for and counted', async () => {
    const registration = await withRoster()
    registration.clock.at = phaseById(registration.timeline, 'register').closesAt - 1
    await file(registration, 0)
    const slow = new pg.Client({ connectionString: databaseUrl(registration.config, 'registration') })
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query('SELECT 1 FROM child WHERE season = $1 AND id = $2 FOR UPDATE', [SEASON, registration.childOf(families[1]!)])
    const submission = file(registration, 1)
    await expect.poll(() => waiting(registration), { timeout: 30_000, message: 'the submission holds the window and waits' }).toBe(1)
    const closing = registration.as(PLATFORM).closePhase({ params: { season: SEASON, phase: 'register' } })
    await expect.poll(() => waiting(registration), { timeout: 30_000, message: 'the close waits for the submission' }).toBe(2)
    await slow.query('COMMIT')
    await slow.end()
    await expect(submission).resolves.toMatchObject({ revision: 1 })
    const close = await closing
    expect(close.count).toBe(2)
    expect(await windowDigest(pgSql(registration.sql), SEASON, 'register', 'registration')).toEqual({ count: 2, digest: close.digest })
    const facts = await registration.sql.query(`SELECT revision, body->'frozen' AS frozen FROM platform.child_fact WHERE aggregate = 'registration'`)
    expect(facts.rows).toEqual([{ revision: 2, frozen: true }, { revision: 2, frozen: true }])
  })
})

describe('a window that is extended while it runs', () => {
  it('takes what is received until the new end and refuses from then on', async () => {
    const calendar = phaseById((await startRegistration()).timeline, 'register')
    const registration = await withRoster(Date.now() - calendar.closesAt + 3_600_000)
    const { closesAt } = phaseById(registration.timeline, 'register')
    const later = closesAt + 60_000
    registration.clock.at = closesAt
    await expect(file(registration, 0)).rejects.toMatchObject({ type: 'window-closed', closesAt: new Date(closesAt).toISOString() })
    const params = { season: SEASON, phase: 'register' }
    await expect(registration.as(PLATFORM).closePhase({ params })).rejects.toMatchObject({ type: 'still-open' })
    await expect(registration.as(PLATFORM).extendPhase({ params, body: { closesAt: new Date(later).toISOString() } })).resolves.toMatchObject({ closesAt: new Date(later).toISOString() })
    await expect(file(registration, 0)).resolves.toMatchObject({ revision: 1 })
    registration.clock.at = later - 1
    await expect(file(registration, 1)).resolves.toMatchObject({ revision: 1 })
    registration.clock.at = later
    await expect(file(registration, 2)).rejects.toMatchObject({ type: 'window-closed', closesAt: new Date(later).toISOString() })
    const onSite = phaseById(registration.timeline, 'register-on-site').opensAt
    await expect(registration.as(PLATFORM).extendPhase({ params, body: { closesAt: new Date(onSite + 1).toISOString() } })).rejects.toMatchObject({ type: 'extension-refused' })
  })
})
