import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { resultFile } from '../../contracts/files/round.js'
import type { RoundFile } from '../../contracts/rounds.js'
import * as engine from '../../services/allocation/domain/rounds/engine/allocate.js'
import { allocateCommand } from './allocate.js'
import { useCommand } from './command.fixture.js'

const ROUND: RoundFile = {
  format: 'ruxue.round.v1', id: 'r1', mechanism: 'serial', schools: [{ id: 's1', plan: 1 }],
  applicants: [{ id: 'a1', choices: ['s1'] }, { id: 'a2', choices: ['s1'] }], orders: { default: { kind: 'listed', ids: ['a2', 'a1'] } },
}

const { told, run: command } = useCommand(allocateCommand)

async function run(content: string | Buffer, ...args: string[]): Promise<number | string | undefined> {
  const file = join(told.dir, 'round.json')
  await writeFile(file, content)
  return command(file, ...args)
}

describe('ruxue allocate', () => {
  it('prints the result and ends with 0', async () => {
    expect(await run(JSON.stringify(ROUND))).toBe(0)
    expect(resultFile.parse(JSON.parse(told.out)).reserves).toEqual({ s1: ['a1'] })
    expect(told.err).toBe('')
  })

  it('writes the result to a file', async () => {
    const result = join(told.dir, 'result.json')
    expect(await run(JSON.stringify(ROUND), '-o', result)).toBe(0)
    expect(resultFile.parse(JSON.parse(await readFile(result, 'utf8'))).round).toBe('r1')
    expect(told.out).toBe('')
  })

  it('ends with 2 for a round with faults, all of them with their places', async () => {
    expect(await run(JSON.stringify({ ...ROUND, schools: [{ id: 's2', plan: -1 }] }))).toBe(2)
    expect(told.err.split('\n').map((line) => line.replace(/^.*#/, ''))).toEqual([
      '/schools/0/plan: Seats cannot be negative', '/applicants/0/choices/0: There is no school s1', '/applicants/1/choices/0: There is no school s1', '',
    ])
    expect(told.out).toBe('')
  })

  it('prints faults as JSON where asked to', async () => {
    expect(await run(JSON.stringify({ ...ROUND, mechanism: 'magic' }), '--json')).toBe(2)
    expect(JSON.parse(told.out)).toMatchObject({ faults: [{ at: '/mechanism' }] })
  })

  it.each([['no JSON at all', '{'], ['a list', '[]']])('ends with 2 for %s', async (_what, content) => {
    expect(await run(content)).toBe(2)
    expect(told.err).toContain('round.json')
  })

  it('ends with 2 if there is no such file', async () => {
    expect(await command(join(told.dir, 'none.json'))).toBe(2)
    expect(told.err).toMatch(/no such file/)
  })

  it.each([
    ['is not UTF-8', Buffer.from(JSON.stringify({ ...ROUND, id: 'é' }), 'latin1'), 'Is not UTF-8'],
    ['begins with a byte order mark', `\uFEFF${JSON.stringify(ROUND)}`, 'Begins with a byte order mark'],
    ['is UTF-16', Buffer.from(`\uFEFF${JSON.stringify(ROUND)}`, 'utf16le'), 'Begins with a byte order mark'],
  ])('ends with 2 for a file that %s', async (_what, content, message) => {
    expect(await run(content)).toBe(2)
    expect(told.err).toContain(message)
    expect(told.out).toBe('')
  })

  it('ends with 2 if the result cannot be written, or the command is not used as it says', async () => {
    expect(await run(JSON.stringify(ROUND), '-o', join(told.dir, 'none', 'result.json'))).toBe(2)
    expect(told.err).toMatch(/result.json: ENOENT/)
    expect(await command()).toBe(2)
  })

  describe('after waivers', () => {
    const schools = { schools: [{ id: 's1', plan: 1 }, { id: 's2', plan: 1 }], applicants: ['a1', 'a2', 'a3'].map((id) => ({ id, choices: ['s1', 's2'] })) }
    const round = JSON.stringify({ ...ROUND, ...schools, orders: { default: { kind: 'listed', ids: ['a1', 'a2', 'a3'] } } })

    it('prints the result of the reserves that moved up, and why', async () => {
      expect(await run(round, '--waive', 'a1', '--explain', 'a3', 'a1')).toBe(0)
      expect(resultFile.parse(JSON.parse(told.out)).assignments.map(({ school, reason }) => [school, reason])).toEqual([[null, 'waived'], ['s1', 'moved-up'], ['s2', 'moved-up']])
      expect(told.err.trim().split('\n')).toEqual([
        'a2 moved from s2 to s1, where it had waiting rank 1: to the seat that a1 left.',
        'a3 moved from no school to s2, where it had waiting rank 1: to the seat that a2 left.',
        'a1 has not moved.',
      ])
    })

    it('takes them one after the other', async () => {
      expect(await run(round, '--waive', 'a1', 'a2')).toBe(0)
      expect(resultFile.parse(JSON.parse(told.out)).assignments.map(({ school }) => school)).toEqual([null, null, 's1'])
    })

    it('refuses one who is not in the round', async () => {
      expect(await run(round, '--waive', 'a9')).toBe(2)
      expect(told.err).toContain('There is no applicant a9')
      expect(told.out).toBe('')
    })
  })

  it('holds back a result that breaks a property', async () => {
    const sound = engine.allocate(ROUND)
    vi.spyOn(engine, 'allocate').mockReturnValue({ ...sound, assignments: [] })
    expect(await run(JSON.stringify(ROUND))).toBe(1)
    expect(told.err).toContain('Every applicant is in the result once')
    expect(told.out).toBe('')
  })
})
