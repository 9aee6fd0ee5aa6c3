import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createLog, withIds } from './log.js'

function capture() {
  const lines: Record<string, unknown>[] = []
  const stream = new PassThrough().on('data', (chunk: Buffer) => lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>))
  return { lines, log: createLog({ name: 'test' }, stream) }
}

it('log lines carry the ids of child, season and trace', () => {
  const { lines, log } = capture()
  withIds(log, { child: 'c-1', season: 's-1', trace: 't-1' }).info('filed')
  expect(lines[0]).toMatchObject({ process: 'test', child: 'c-1', season: 's-1', trace: 't-1', msg: 'filed' })
})

it('log lines hide secrets and personal fields, however they are nested', () => {
  const { lines, log } = capture()
  log.info({ name: '王小明', token: 'ey.1', form: { idNumber: '999999', answers: { address: 'Street 1' } }, headers: { authorization: 'Bearer x' } }, 'x')
  expect(JSON.stringify(lines)).not.toMatch(/王小明|ey\.1|999999|Street|Bearer/)
})

it('log lines tell an error without the row’s values that PostgreSQL names in its details', () => {
  const { lines, log } = capture()
  log.error({ err: Object.assign(new Error('duplicate key'), { detail: 'Key (id_number)=(999999201505120012) already exists.' }) }, 'x')
  expect(JSON.stringify(lines)).toContain('duplicate key')
  expect(JSON.stringify(lines)).not.toContain('999999')
})
