import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../../tests/support/stack.js'
import type { Receipt } from '../rehearsal/ledger.js'
import { auditSeason } from './audit.js'
import { figuresOf, historyFigures } from './history.js'
import type { CheckName } from './report.js'
import { ARRANGED, CLOSES, ENROLLED, LEFT, OPENS, buildSeason, drawIsAsTold, ended, event, factEvent, factsOf } from './season.fixture.js'
import type { DatabaseName } from './sources/databases.js'
import { createWorld, type World } from './world.fixture.js'

let world: World
let folder: string

beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'ruxue-audit-'))
})
afterAll(async () => {
  await world?.destroy()
  await rm(folder, { recursive: true, force: true })
})

/** A good season, with what the test plants in it. */
async function season(plant: (season: string) => Promise<unknown> = async () => undefined): Promise<string> {
  const name = uniqueName('s-')
  await buildSeason(world, name)
  await plant(name)
  return name
}

async function audit(name: string, receipts: Partial<Receipt>[] = []) {
  const ledger = join(folder, `${name}.jsonl`)
  await writeFile(ledger, receipts.map((receipt) => `${JSON.stringify({ phase: 'register', receivedAt: new Date(OPENS).toISOString(), ...receipt })}\n`).join(''))
  return auditSeason({ season: name, urls: world.urls, ledger, waitQuiescenceMs: 0 })
}

const found = async (name: string, receipts: Partial<Receipt>[] = []): Promise<[CheckName, string][]> =>
  (await audit(name, receipts)).violations.map(({ check, where }) => [check, where])

const sql = (name: DatabaseName, text: string) => (season: string) => world.sql(name, text, season)

describe('the audit', () => {
  it('finds nothing in a season that ended well, and says what it looked at', async () => {
    expect(drawIsAsTold).toBe(true)
    const name = await season()
    const report = await audit(name, [{ kind: 'form', child: ENROLLED, revision: 1 }, { kind: 'check-in', child: ENROLLED, phase: 'check-in', schools: ['s1'] }])
    expect(report.violations).toEqual([])
    expect(report).toMatchObject({ ok: true, counted: { children: 3, facts: 9, seats: 2, receipts: 2, rounds: 1, workflows: 3 } })
    expect(await historyFigures({ season: name, urls: world.urls })).toMatchObject({ children: 3 })
  })

  it('finds a child with two taken seats, and who was told of a seat too many', async () => {
    await world.sql('allocation', 'DROP INDEX seat_taken_once')
    const name = await season(sql('allocation', `INSERT INTO seat (season, school, ordinal, overflow, child, basis, taken, visible) SELECT $1, 's2', 2, 'twins', child, 'zoning', true, true FROM seat WHERE season = $1 AND school = 's2'`))
    expect(await found(name)).toContainEqual(['seats', ARRANGED])
    await world.sql('allocation', 'DELETE FROM seat WHERE season = $1', name)
    await world.sql('allocation', `CREATE UNIQUE INDEX seat_taken_once ON seat (season, child) WHERE taken`)
    expect(await found(name)).toContainEqual(['seats', 's1'])
  })

  it('finds a school with more seats than its published plan', async () => {
    const name = await season(sql('allocation', `INSERT INTO seat (season, school, ordinal) VALUES ($1, 's1', 2)`))
    expect(await found(name)).toEqual([['seats', 's1']])
  })

  it('finds what was accepted at the instant of closing, in the rows and in the ledger', async () => {
    const name = await season((of) => world.sql('registration', 'UPDATE form SET received_at = $2 WHERE season = $1 AND child = $3', of, new Date(CLOSES), ENROLLED))
    expect(await found(name)).toEqual([['deadlines', ENROLLED]])
    const late = new Date(CLOSES).toISOString()
    expect(await found(name, [{ kind: 'form', child: ARRANGED, revision: 1, receivedAt: late }])).toContainEqual(['deadlines', ARRANGED])
  })

  it('finds what was acknowledged and is gone or older', async () => {
    const name = await season()
    const receipts: Partial<Receipt>[] = [
      { kind: 'form', child: ENROLLED, revision: 3 },
      { kind: 'choice', child: ENROLLED, phase: 'zoning', revision: 1 },
      { kind: 'check-in', child: ENROLLED, phase: 'check-in', schools: ['s2'] },
      { kind: 'decision', child: ENROLLED, phase: 'review', receivedAt: new Date(OPENS + 6).toISOString() },
      { kind: 'withdrawal', child: ARRANGED, phase: 'withdrawal' },
      { kind: 'arrangement', child: ENROLLED, phase: 'desk', schools: ['s2'] },
    ]
    const report = await audit(name, receipts)
    expect(report.violations.map(({ check, what }) => [check, what.split(' ')[0]])).toEqual(receipts.map(({ kind }) => ['lost', kind]))
    const kept: Partial<Receipt>[] = [
      { kind: 'form', child: ENROLLED, revision: 2 },
      { kind: 'decision', child: ENROLLED, phase: 'review', receivedAt: new Date(OPENS + 5).toISOString() },
      { kind: 'withdrawal', child: LEFT, phase: 'withdrawal' },
      { kind: 'arrangement', child: ARRANGED, phase: 'desk', schools: ['s2'] },
      { kind: 'twins-undone', child: LEFT },
    ]
    expect(await found(name, kept)).toEqual([])
  })

  it('names the line of a ledger it cannot read', async () => {
    const name = await season()
    await expect(audit(name, [{ kind: 'form', child: ENROLLED }, { kind: 'gossip' as 'form', child: LEFT }])).rejects.toThrow('line 2')
  })

  it('finds a child without an end, one with two, and one whose seat is another', async () => {
    const none = await season(sql('registration', `INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, district, facts, source) VALUES ($1, 'cz', 'n', 'i', '2015-01-01', 'g', 'n', 'i', 'd1', '{}', 'guardian')`))
    expect(await found(none)).toContainEqual(['ends', 'cz'])
    const two = await season((of) => world.tell([ended(of, ARRANGED, { kind: 'ended', phase: 'desk', reason: 'x' })]))
    expect(await found(two)).toContainEqual(['ends', ARRANGED])
    const other = await season(sql('allocation', `UPDATE seat SET child = NULL, basis = NULL, taken = false, visible = false WHERE season = $1 AND school = 's1'`))
    expect(await found(other)).toContainEqual(['ends', ENROLLED])
  })

  it('finds a child whose season closed without a seat and whom a desk should have had', async () => {
    const forgotten = { kind: 'ended', phase: 'desk', reason: 'season-closed-without-seat' } as const
    const name = await season(sql('registration', `INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, district, facts, source) VALUES ($1, 'cz', 'n', 'i', '2015-01-01', 'g', 'n', 'i', 'd1', '{}', 'guardian')`))
    await world.tell([factEvent({ season: name, child: 'cz', aggregate: 'roster', id: 'roster', revision: 1, district: 'd1' }), ended(name, 'cz', forgotten)])
    expect(await found(name)).toContainEqual(['ends', 'cz'])
  })

  it('finds a season that has not closed', async () => {
    const name = await season(sql('allocation', `UPDATE platform.season SET state = 'open' WHERE id = $1`))
    expect(await found(name)).toEqual([['ends', name]])
  })

  it('finds a copy that lacks a fact, has an older one, another content, or one nobody told', async () => {
    const lacks = await season(sql('console', `DELETE FROM platform.child_fact WHERE season = $1 AND aggregate = 'case'`))
    expect(await found(lacks)).toEqual([['agreement', `${ENROLLED}/case/review`]])
    const older = await season((of) => world.tell([factEvent({ ...factsOf(of)[6]!, revision: 2 })]))
    expect((await found(older)).every(([check, where]) => check === 'agreement' && where === `${ENROLLED}/case/review`)).toBe(true)
    expect((await found(older)).length).toBe(3)
    const content = await season(sql('verification', `UPDATE platform.child_fact SET body = body || '{"outcomes":{"review":"refused"}}' WHERE season = $1 AND aggregate = 'case'`))
    expect(await found(content)).toEqual([['agreement', `${ENROLLED}/case/review`]])
    const untold = await season(sql('registration', `INSERT INTO platform.child_fact (season, child, aggregate, id, revision, body)
      SELECT season, child, aggregate, 'other', 1, body || '{"id":"other"}' FROM platform.child_fact WHERE season = $1 AND aggregate = 'withdrawal'`))
    expect(await found(untold)).toEqual([['agreement', `${LEFT}/withdrawal/other`]])
  })

  it('finds one revision told with two contents', async () => {
    const name = await season((of) => world.tell([factEvent({ ...factsOf(of)[6]!, outcomes: { review: 'refused' } })]))
    expect(await found(name)).toContainEqual(['agreement', `${ENROLLED}/case/review`])
  })

  it('finds a workflow that is missing, still runs, or returned another end, and an end the console shows wrongly', async () => {
    const missing = await season(sql('registration', `INSERT INTO child (season, id, name, id_number, birthday, guardian, guardian_name, guardian_id_number, district, facts, source) VALUES ($1, 'cz', 'n', 'i', '2015-01-01', 'g', 'n', 'i', 'd1', '{}', 'guardian')`))
    await world.tell([ended(missing, 'cz', { kind: 'ended', phase: 'desk', reason: 'x' })])
    expect(await found(missing)).toEqual([['agreement', 'cz']])
    const running = await season((of) => world.startChild(of, 'cz'))
    expect(await found(running)).toEqual([['quiescence', `enrollment/${running}/cz`], ['agreement', 'cz']])
    const other = await season((of) => world.runChild(of, 'cz', { kind: 'ended', phase: 'desk', reason: 'x' }))
    expect(await found(other)).toEqual([['agreement', 'cz']])
    const shown = await season(sql('console', `UPDATE child SET end_state = NULL WHERE season = $1 AND child = '${ENROLLED}'`))
    expect(await found(shown)).toEqual([['agreement', ENROLLED]])
  })

  it('finds a close and a round that were told otherwise than they stand', async () => {
    const close = await season(sql('verification', `UPDATE platform.phase_window SET count = 2 WHERE season = $1`))
    expect(await found(close)).toEqual([['agreement', 'review']])
    const round = await season(sql('allocation', `UPDATE round SET admitted = 1, published_at = NULL, state = 'decided' WHERE season = $1`))
    expect(await found(round)).toEqual([['agreement', 'zoning'], ['rounds', 'zoning']])
  })

  it('finds a round whose list or result is not what the record says', async () => {
    const list = await season(sql('allocation', `UPDATE round_unit SET schools = '{s1,s2}' WHERE season = $1 AND unit = '${ENROLLED}'`))
    expect(await found(list)).toContainEqual(['rounds', 'zoning'])
    const change = () => season(sql('allocation', `UPDATE round_result SET outcome = 'not-admitted', school = NULL WHERE season = $1 AND child = '${ENROLLED}'`))
    await expect(change()).rejects.toThrow('published results are kept as they were')
    await world.sql('allocation', 'ALTER TABLE round_result DISABLE TRIGGER round_result_published_once')
    const result = await change()
    await world.sql('allocation', 'ALTER TABLE round_result ENABLE TRIGGER round_result_published_once')
    expect(await found(result)).toEqual([['rounds', `zoning ${ENROLLED}`], ['rounds', 'zoning']])
  })

  it('finds a draw that is not what decided the round', async () => {
    const change = (step: string, path: string, value: string) =>
      season(sql('allocation', `UPDATE round_step SET body = jsonb_set(body, '${path}', '${value}') WHERE season = $1 AND step = '${step}'`))
    await expect(change('reveal', '{reveal,at}', '"x"')).rejects.toThrow('steps of draws are kept as they were')
    await world.sql('allocation', 'ALTER TABLE round_step DISABLE TRIGGER round_step_kept')
    expect(await found(await change('freeze', '{groups,0,round,schools,0,plan}', '2'))).toContainEqual(['rounds', `zoning ${ARRANGED}`])
    expect(await found(await change('freeze', '{groups,0,round,applicants,0,choices}', '[]'))).toContainEqual(['rounds', 'zoning'])
    expect(await found(await change('reveal', '{reveal,parts,0,secret}', `"${'ef'.repeat(32)}"`))).toContainEqual(['rounds', 'zoning'])
    expect(await found(await change('draw', '{drawn,0,result,assignments,0,school}', '"s2"'))).toContainEqual(['rounds', 'zoning'])
    expect(await found(await season(sql('allocation', `DELETE FROM round_step WHERE season = $1 AND step = 'publish'`)))).toContainEqual(['rounds', 'zoning'])
    await world.sql('allocation', 'ALTER TABLE round_step ENABLE TRIGGER round_step_kept')
  })

  it('finds a child that is not on a list and should be, one that is on it without right, and a freeze that nobody was told of', async () => {
    const missing = await season(sql('allocation', `DELETE FROM round_unit WHERE season = $1 AND unit = '${ENROLLED}'`))
    expect(await found(missing)).toContainEqual(['rounds', `zoning ${ENROLLED}`])
    const without = await season(sql('allocation', `INSERT INTO round_unit (season, phase, unit, members, schools) VALUES ($1, 'zoning', '${LEFT}', '{${LEFT}}', '{s1}')`))
    expect(await found(without)).toContainEqual(['rounds', `zoning ${LEFT}`])
    const other = await season(sql('allocation', `INSERT INTO round SELECT season, 'again', state, units, children, list_hash, admitted, not_admitted, frozen_at, decided_at, published_at FROM round WHERE season = $1`))
    expect(await found(other)).toContainEqual(['rounds', 'again'])
  })

  it('finds a round that one officer alone has approved, whatever else was asked', async () => {
    const twice = await season(sql('console', `UPDATE action SET who = 'o1' WHERE season = $1`))
    expect(await found(twice)).toEqual([['rounds', 'zoning']])
    const refused = await season(sql('console', `UPDATE action SET result = 'refused', problem = 'round-conflict' WHERE season = $1 AND who = 'o2'`))
    expect(await found(refused)).toEqual([['rounds', 'zoning']])
    const before = await season((of) => world.sql('console', `UPDATE action SET at = $2 WHERE season = $1 AND who = 'o2'`, of, new Date(OPENS)))
    expect(await found(before)).toEqual([['rounds', 'zoning']])
    const unheard = await season(sql('console', `UPDATE action SET result = 'refused', problem = 'not-yet' WHERE season = $1 AND who = 'o2'`))
    expect(await found(unheard)).toEqual([])
  })

  it('looks at every supplement of a draw', async () => {
    const again = (body: string) => season(async (name) => {
      await sql('allocation', `INSERT INTO round_step (season, phase, run, supplement, step, hash, body, asked_by)
        SELECT season, phase, run, 1, step, hash, ${body}, asked_by FROM round_step WHERE season = $1 AND step IN ('draw', 'check', 'publish')`)(name)
      await sql('allocation', 'UPDATE round SET supplement = 1 WHERE season = $1')(name)
    })
    expect(await found(await again('body'))).toEqual([])
    expect(await found(await again(`CASE step WHEN 'draw' THEN jsonb_set(body, '{drawn,0,result,assignments,0,school}', '"s2"') ELSE body END`))).toContainEqual(['rounds', 'zoning'])
  })

  it('waits until the outboxes are empty, and says which is not', async () => {
    const name = await season(sql('registration', `INSERT INTO platform.outbox (topic, key, event) VALUES ('registration', 'k', json_build_object('season', $1::text))`))
    expect(await found(name)).toEqual([['quiescence', 'registration']])
    const waiting = auditSeason({ season: name, urls: world.urls, waitQuiescenceMs: 60_000 })
    await world.sql('registration', 'DELETE FROM platform.outbox')
    expect((await waiting).violations).toEqual([])
  })

  it('says that there is no such season', async () => {
    await expect(auditSeason({ season: 'none', urls: world.urls, waitQuiescenceMs: 0 })).rejects.toThrow('There is no season none')
  })

  it('reads what other seasons told without taking it for this one’s', async () => {
    const name = await season()
    await world.tell([event('other', 'enrollment.ended', { season: 'other', child: ENROLLED, status: 'ended', sequence: 9, end: { kind: 'withdrawn', reason: 'died' } }, ENROLLED)])
    expect(await found(name)).toEqual([])
  })
})

describe('figures of histories', () => {
  it('are nearest ranks, and zeros where there is nothing', () => {
    expect(figuresOf([5, 1, 3])).toEqual({ children: 3, median: 3, p99: 5, max: 5 })
    expect(figuresOf([])).toEqual({ children: 0, median: 0, p99: 0, max: 0 })
  })
})
