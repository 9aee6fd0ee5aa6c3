import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resultFile } from '../../contracts/files/round.js'
import type { RoundFile } from '../../contracts/rounds.js'
import * as engine from '../../services/allocation/domain/rounds/engine/allocate.js'
import { allocateCommand } from './allocate.js'

const ROUND: RoundFile = {
  format: 'ruxue.round.v1', id: 'r1', mechanism: 'serial', schools: [{ id: 's1', plan: 1 }],
  applicants: [{ id: 'a1', choices: ['s1'] }, { id: 'a2', choices: ['s1'] }], orders: { default: { kind: 'listed', ids: ['a2', 'a1'] } },
}

let dir: string
let out: string
let err: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ruxue-allocate-'))
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(dir, { recursive: true })
})

async function run(content: string, ...args: string[]): Promise<number | string | undefined> {
  const file = join(dir, 'round.json')
  await writeFile(file, content)
  await allocateCommand().parseAsync([file, ...args], { from: 'user' })
  return process.exitCode ?? undefined
}

describe('ruxue allocate', () => {
  it('prints the result and ends with 0', async () => {
    expect(await run(JSON.stringify(ROUND))).toBe(0)
    expect(resultFile.parse(JSON.parse(out)).reserves).toEqual({ s1: ['a1'] })
    expect(err).toBe('')
  })

  it('writes the result to a file', async () => {
    const result = join(dir, 'result.json')
    expect(await run(JSON.stringify(ROUND), '-o', result)).toBe(0)
    expect(resultFile.parse(JSON.parse(await readFile(result, 'utf8'))).round).toBe('r1')
    expect(out).toBe('')
  })

  it('ends with 2 for a round with faults, all of them with their places', async () => {
    expect(await run(JSON.stringify({ ...ROUND, schools: [{ id: 's2', plan: -1 }] }))).toBe(2)
    expect(err.split('\n').map((line) => line.replace(/^.*#/, ''))).toEqual([
      '/schools/0/plan: Seats cannot be negative', '/applicants/0/choices/0: There is no school s1', '/applicants/1/choices/0: There is no school s1', '',
    ])
    expect(out).toBe('')
  })

  it('prints faults as JSON where asked to', async () => {
    expect(await run(JSON.stringify({ ...ROUND, mechanism: 'magic' }), '--json')).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ faults: [{ at: '/mechanism' }] })
  })

  it.each([['no JSON at all', '{'], ['a list', '[]']])('ends with 2 for %s', async (_what, content) => {
    expect(await run(content)).toBe(2)
    expect(err).toContain('round.json')
  })

  it('ends with 2 if there is no such file', async () => {
    await allocateCommand().parseAsync([join(dir, 'none.json')], { from: 'user' })
    expect(process.exitCode).toBe(2)
    expect(err).toMatch(/no such file/)
  })

  it('holds back a result that breaks a property', async () => {
    const sound = engine.allocate(ROUND)
    vi.spyOn(engine, 'allocate').mockReturnValue({ ...sound, assignments: [] })
    expect(await run(JSON.stringify(ROUND))).toBe(1)
    expect(err).toContain('Every applicant is in the result once')
    expect(out).toBe('')
  })
})
