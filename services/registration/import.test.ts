import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import ExcelJS from 'exceljs'
import { beforeAll, describe, expect, it } from 'vitest'
import { makePerson, type Person } from '../../cli/rehearsal/people.js'
import { registrationEndpoints } from '../../contracts/http/registration.js'
import { createClient, Unreachable } from '../../platform/http/index.js'
import { CITY, HEADER, PLATFORM, SEASON, importCsv, people, rosterOf, rowOf, startRegistration, type Registration } from './registration.fixture.js'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
let registration: Registration
let next = 0

beforeAll(async () => {
  registration = await startRegistration()
})

/** People that no other test lists. */
const newPeople = (count: number): Person[] => people(count, (next += count) - count)
const city = () => registration.as(CITY)
const progress = (id: string) => city().getImport({ params: { season: SEASON, import: id } })
const faults = async (id: string) => (await city().listImportFaults({ params: { season: SEASON, import: id }, query: { limit: 500 } })).faults
const countOf = async (sql: string, ...values: unknown[]): Promise<number> => Number((await registration.sql.query<{ n: string }>(sql, values)).rows[0]!.n)
const listedBy = (id: string) => countOf('SELECT count(*) AS n FROM child WHERE import = $1', id)

describe('a roster', () => {
  it('lists each child with its fact and one event, without personal data', async () => {
    const [one, two] = newPeople(2) as [Person, Person]
    const report = await importCsv(city(), 'plain', rosterOf(rowOf(one), rowOf(two, { district: 'd2', stage: 'primary', school: '' })))
    expect(report).toEqual({ import: 'plain', state: 'finished', rows: 2, accepted: 2, unchanged: 0, rejected: 0 })
    expect(await progress('plain')).toEqual(report)
    const events = (await registration.events()).filter(({ key }) => [one, two].map((person) => registration.childOf(person)).includes(key))
    expect(events.map(({ type }) => type)).toEqual(Array(2).fill('cn.ruxue.registration.child-listed.v1'))
    expect(events.find(({ key }) => key === registration.childOf(two))!.data).toEqual({
      season: SEASON, child: registration.childOf(two), aggregate: 'roster', id: 'roster', revision: 1,
      guardian: registration.ids.guardian(SEASON, two.guardianIdNumber), district: 'd2', facts: { stage: 'primary' },
    })
    const fact = await registration.sql.query(`SELECT body FROM platform.child_fact WHERE child = $1`, [registration.childOf(one)])
    expect((fact.rows[0] as { body: object }).body).toMatchObject({ facts: { stage: 'junior', 'primary.school': 'public' } })
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`${one.name}|${one.idNumber}|${one.phone}`))
  })

  it('reports bad rows with row, field and reason, and lists the good ones', async () => {
    const [good, checksum, day, place, twice, guardian] = newPeople(6) as [Person, Person, Person, Person, Person, Person]
    const flip = (digit: string) => String((Number(digit) + 1) % 10)
    const wrongCheck = checksum.idNumber.slice(0, 16) + flip(checksum.idNumber[16]!) + checksum.idNumber[17]
    const report = await importCsv(city(), 'bad-rows', rosterOf(
      rowOf(good),
      rowOf({ ...checksum, idNumber: wrongCheck }),
      rowOf({ ...day, idNumber: '99000020100231001X', name: '' }),
      rowOf(place, { district: 'd9', stage: '大学' }),
      rowOf(twice),
      rowOf(twice),
      rowOf({ ...guardian, guardianIdNumber: '123', phone: 'none' }),
      ',,,,,,,,',
    ))
    expect(report).toMatchObject({ state: 'finished', rows: 7, accepted: 2, unchanged: 0, rejected: 5 })
    expect(await faults('bad-rows')).toEqual([
      { row: 3, field: 'id-number', reason: 'has a wrong check digit' },
      { row: 4, field: 'id-number', reason: expect.any(String) as string },
      { row: 4, field: 'name', reason: 'is empty' },
      { row: 5, field: 'district', reason: 'is not a district of this season' },
      { row: 5, field: 'stage', reason: 'must be one of primary, junior' },
      { row: 7, field: 'id-number', reason: 'is the child of row 6' },
      { row: 8, field: 'guardian-id-number', reason: 'is not 17 digits and a digit or X' },
      { row: 8, field: 'phone', reason: 'is not a telephone number' },
    ])
    expect(JSON.stringify(await faults('bad-rows'))).not.toContain(wrongCheck)
  })

  it('lists its faults page by page', async () => {
    const page = (cursor?: string) => city().listImportFaults({ params: { season: SEASON, import: 'bad-rows' }, query: { limit: 3, ...(cursor && { cursor }) } })
    const first = await page()
    const second = await page(first.next)
    const third = await page(second.next)
    expect([...first.faults, ...second.faults, ...third.faults]).toEqual(await faults('bad-rows'))
    expect(third).not.toHaveProperty('next')
    await expect(page('elsewhere')).rejects.toMatchObject({ type: 'invalid-input' })
  })

  it('leaves children alone that are on the list already', async () => {
    const known = newPeople(2)
    await importCsv(city(), 'before', rosterOf(...known.map((person) => rowOf(person))))
    const [added] = newPeople(1) as [Person]
    const report = await importCsv(city(), 'after', rosterOf(...[...known, added].map((person) => rowOf(person))))
    expect(report).toMatchObject({ rows: 3, accepted: 1, unchanged: 2, rejected: 0 })
  })

  it('sent again with the same id changes nothing, and with other content is refused', async () => {
    const two = newPeople(2)
    const content = rosterOf(...two.map((person) => rowOf(person)))
    const report = await importCsv(city(), 'again', content)
    const events = (await registration.events()).length
    expect(await importCsv(city(), 'again', content)).toEqual(report)
    const conflict = { type: 'import-conflict' }
    await expect(importCsv(city(), 'again', rosterOf(...newPeople(2).map((person) => rowOf(person))))).rejects.toMatchObject(conflict)
    await expect(importCsv(city(), 'again', rosterOf(rowOf(two[0]!)))).rejects.toMatchObject(conflict)
    await expect(importCsv(city(), 'again', rosterOf(...[...two, ...newPeople(1)].map((person) => rowOf(person))))).rejects.toMatchObject(conflict)
    expect((await registration.events()).length).toBe(events)
    expect(await progress('again')).toEqual(report)
  })

  it('is read as GB18030 where it is no UTF-8, with a BOM, and with English headers', async () => {
    const [chinese, bom] = newPeople(2) as [Person, Person]
    const gbk = Buffer.from(rosterOf(rowOf({ ...chinese, name: 'GB' })).replaceAll(HEADER, '').trim())
    const header = Buffer.from([0xd0, 0xd5, 0xc3, 0xfb])
    const content = Buffer.concat([header, Buffer.from(',id-number,guardian-name,guardian-id-number,phone,district,stage,primary.school,own.school\n'), Buffer.from(gbk.toString().replace(chinese.guardianName, 'X').replace(/初中|公办/g, ''))])
    expect(await importCsv(city(), 'gb', content)).toMatchObject({ accepted: 1, rejected: 0 })
    expect(await importCsv(city(), 'gb-declared', content, 'text/csv; charset=gb18030')).toMatchObject({ unchanged: 1 })
    expect(await importCsv(city(), 'bom', `\uFEFF${rosterOf(rowOf(bom))}`)).toMatchObject({ accepted: 1 })
  })

  it('may be an Excel workbook', async () => {
    const two = newPeople(2)
    const workbook = new ExcelJS.Workbook()
    const sheet = workbook.addWorksheet('名册')
    sheet.addRow(HEADER.split(','))
    for (const person of two) sheet.addRow(rowOf(person).split(','))
    const report = await importCsv(city(), 'excel', Buffer.from(await workbook.xlsx.writeBuffer()), XLSX)
    expect(report).toMatchObject({ state: 'finished', rows: 2, accepted: 2, rejected: 0 })
    expect((await registration.guardianOf(two[0]!).listMyChildren({ params: { season: SEASON } })).children).toMatchObject([{ name: two[0]!.name }])
  })

  it('that cannot be read is refused with its place', async () => {
    const [person] = newPeople(1) as [Person]
    const unreadable = (content: string | Buffer, type?: string) => importCsv(city(), `broken-${next++}`, content, type)
    await expect(unreadable('')).rejects.toMatchObject({ type: 'unreadable-file' })
    await expect(unreadable(`${HEADER},鞋码\n`)).rejects.toMatchObject({ type: 'unreadable-file', faults: [{ at: 'row 1, column 10', message: 'this column is not known' }] })
    await expect(unreadable('姓名,姓名\n')).rejects.toMatchObject({ faults: expect.arrayContaining([{ at: 'row 1', message: 'the column id-number is missing' }]) as [] })
    await expect(unreadable(rosterOf(rowOf(person), '"open'))).rejects.toMatchObject({ type: 'unreadable-file', faults: [{ at: 'row 3' }] })
    await expect(unreadable('not a zip', XLSX)).rejects.toMatchObject({ type: 'unreadable-file' })
    await expect(unreadable('{}', 'application/json')).rejects.toMatchObject({ type: 'unsupported-media-type' })
    await expect(progress('nothing')).rejects.toMatchObject({ type: 'not-found' })
  })

  it('is refused while the season’s districts are not known, and from who is no bureau', async () => {
    const empty = { ...registration.timeline, policy: { ...registration.timeline.policy, id: 'elsewhere' } }
    await registration.as(PLATFORM).installSeason({ params: { season: 'elsewhere' }, body: { timeline: empty } })
    const upload = { params: { season: 'elsewhere', import: 'x' }, body: Buffer.from(rosterOf()) as never, headers: { 'content-type': 'text/csv' } }
    await expect(city().importRoster(upload)).rejects.toMatchObject({ type: 'not-yet' })
    await expect(registration.as({ subject: 'd', role: 'district', district: 'd1' }).importRoster(upload)).rejects.toMatchObject({ type: 'forbidden' })
  })
})

describe('an import that is interrupted', () => {
  const rows = 12_000
  const linesOf = (from: number) => Array.from({ length: rows }, (_, at) => rowOf(makePerson(11, from + at)))

  /** Sends some of the lines and then nothing; the upload stays open. */
  function upload(url: string, token: string, id: string, sent: readonly string[]) {
    const body = new Readable({ read: () => undefined })
    body.push(`${rosterOf(...sent).trimEnd()}\n`)
    const client = createClient(registrationEndpoints, { baseUrl: url, token: async () => token, timeoutMs: 60_000 })
    const answer = client.importRoster({ params: { season: SEASON, import: id }, body: body as never, headers: { 'content-type': 'text/csv' } })
    answer.catch(() => undefined)
    return { answer, body }
  }

  async function finishAndCompare(id: string, lines: readonly string[]) {
    expect(await importCsv(city(), id, rosterOf(...lines))).toMatchObject({ state: 'finished', rows, accepted: rows, unchanged: 0, rejected: 0 })
    expect(await listedBy(id)).toBe(rows)
    expect(await countOf(`SELECT count(*) AS n FROM platform.outbox JOIN child ON child.id = key WHERE child.import = $1`, id)).toBe(rows)
    expect(await countOf(`SELECT count(*) AS n FROM platform.child_fact AS fact JOIN child ON child.id = fact.child WHERE child.import = $1`, id)).toBe(rows)
  }

  it('by kill -9 loses nothing and doubles nothing when it is sent again', async () => {
    const lines = linesOf(20_000)
    const folder = await mkdtemp(join(tmpdir(), 'ruxue-test-'))
    await writeFile(join(folder, 'keys.json'), JSON.stringify({ public: registration.keys.public }))
    const { config } = registration
    const service = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('serve.fixture.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env, RUXUE_POSTGRES_URL: config.postgresUrl, RUXUE_DATABASE_PREFIX: config.databasePrefix, RUXUE_KAFKA_BROKERS: config.kafkaBrokers.join(','),
        RUXUE_ID_KEY: config.idKey, RUXUE_TOKEN_KEYS: join(folder, 'keys.json'),
      },
    })
    const [url] = (await once(createInterface(service.stdout), 'line')) as [string]
    const { answer, body } = upload(url, await registration.tokenOf(CITY), 'killed', lines.slice(0, 11_000))
    await expect.poll(() => listedBy('killed'), { timeout: 30_000, message: 'two batches are stored' }).toBe(10_000)
    expect(await progress('killed')).toMatchObject({ state: 'running', rows: 10_000 })
    await expect(importCsv(city(), 'killed', rosterOf(...lines))).rejects.toMatchObject({ type: 'not-yet' })
    service.kill('SIGKILL')
    await once(service, 'exit')
    await expect(answer).rejects.toBeInstanceOf(Unreachable)
    body.destroy()
    await expect.poll(async () => (await progress('killed')).state, { timeout: 30_000 }).toBe('interrupted')
    await finishAndCompare('killed', lines)
    await rm(folder, { recursive: true })
  })

  it('by a lost database connection is told so, and goes on where it stopped', async () => {
    const lines = linesOf(60_000)
    const { answer, body } = upload(registration.baseUrl, await registration.tokenOf(CITY), 'no-database', lines.slice(0, 7_000))
    await expect.poll(() => listedBy('no-database'), { timeout: 30_000 }).toBe(5_000)
    await registration.sql.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'registration-bulk' AND datname = current_database()`)
    body.push(`${lines.slice(7_000).join('\n')}\n`)
    body.push(null)
    await expect(answer).rejects.toMatchObject({ status: expect.any(Number) as number })
    expect(await progress('no-database')).toMatchObject({ state: 'interrupted', rows: 5_000 })
    await finishAndCompare('no-database', lines)
  })

  it('by a broken connection goes on where it stopped, and is not taken for finished', async () => {
    const lines = linesOf(40_000)
    const { answer, body } = upload(registration.baseUrl, await registration.tokenOf(CITY), 'broken-off', lines.slice(0, 7_000))
    await expect.poll(() => listedBy('broken-off'), { timeout: 30_000, message: 'a batch is stored' }).toBe(5_000)
    body.destroy(new Error('the line broke'))
    await expect(answer).rejects.toThrow()
    await expect.poll(async () => (await progress('broken-off')).state, { timeout: 30_000 }).toBe('interrupted')
    expect(await progress('broken-off')).toMatchObject({ rows: 5_000, accepted: 5_000 })
    await expect(importCsv(city(), 'broken-off', rosterOf(...lines.toReversed()))).rejects.toMatchObject({ type: 'import-conflict' })
    await finishAndCompare('broken-off', lines)
  })
})
