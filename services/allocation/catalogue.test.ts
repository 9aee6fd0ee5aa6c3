import { beforeAll, describe, expect, it } from 'vitest'
import { schemaDiff } from '../../infra/prisma/migrate.js'
import { openSeason, privateSchool, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'

const season = 'catalogue-2022'
const districts = [{ id: 'nanguan', name: 'Nanguan' }]
const schools = [publicSchool('north', 3), privateSchool('ivy', 2)]
const zones = [zoneOf('z1', 'north')]
let running: Running
const put = (body: { schools: typeof schools; zones: typeof zones; districts?: typeof districts }) =>
  running.city.putCatalogue({ params: { season }, body: { districts, ...body } })
const events = () => running.sql<{ key: string }>(`SELECT key FROM platform.outbox WHERE event->>'season' = $1 ORDER BY position`, [season])

beforeAll(async () => {
  running = await startAllocation()
  await openSeason(running, season, { schools, zones })
})

describe('a catalogue', () => {
  it('says its size, offers each school and draws each zone once, however often it is sent', async () => {
    expect(await put({ schools, zones })).toEqual({ schools: 2, zones: 1, seats: 5 })
    expect((await events()).map(({ key }) => key)).toEqual([season, 'north', 'ivy', 'z1'])
  })

  it('maps exactly the places of the policy, each told once', async () => {
    const town = 'placed-2022'
    const change = (timeline: { places: string[] }) => { timeline.places = ['old-town'] }
    const place = (id: string, district = 'nanguan') => ({ id, addresses: [{ district, street: 'north', to: 9 }] })
    const opening = (...places: ReturnType<typeof place>[]) => openSeason(running, town, { schools, zones, places }, change)
    await expect(opening()).rejects.toMatchObject({ type: 'invalid-input', faults: [{ at: '/body/places' }] })
    await expect(opening(place('old-town'), place('new-town'))).rejects.toMatchObject({ faults: [{ at: '/body/places/1/id' }] })
    await expect(opening(place('old-town', 'nowhere'))).rejects.toMatchObject({ faults: [{ at: '/body/places/0/addresses/0/district' }] })
    for (let time = 1; time <= 2; time++) await opening(place('old-town'))
    const told = await running.sql<{ event: { type: string; data: object } }>(`SELECT event FROM platform.outbox WHERE event->>'season' = $1 ORDER BY position`, [town])
    expect(told.map(({ event }) => event.type.split('.')[3])).toEqual(['catalogue-set', 'school-offered', 'school-offered', 'zone-drawn', 'place-mapped'])
    expect(told[0]!.event.data).toMatchObject({ places: 1 })
    expect(told.at(-1)!.event.data).toEqual({ season: town, ...place('old-town') })
  })

  it('turns a plan into as many rows, more or fewer', async () => {
    const rows = async () => (await running.sql<{ n: number }>('SELECT count(*)::int AS n FROM seat WHERE season = $1 AND school = $2', [season, 'north']))[0]!.n
    await put({ schools: [publicSchool('north', 5), privateSchool('ivy', 2)], zones })
    expect(await rows()).toBe(5)
    await put({ schools: [publicSchool('north', 2), privateSchool('ivy', 2)], zones })
    expect(await rows()).toBe(2)
  })

  it('refuses a zone with an unknown school, and an entry that is there twice, with the place', async () => {
    await expect(put({ schools, zones: [zoneOf('z1', 'nowhere')] })).rejects.toMatchObject({ type: 'unknown-school', faults: [{ at: '/body/zones/0/schools/0' }] })
    await expect(put({ schools: [...schools, schools[0]!], zones })).rejects.toMatchObject({ type: 'invalid-input', faults: [{ at: '/body/schools/2/id' }] })
  })

  it('refuses a plan below what is occupied, and changes nothing', async () => {
    await running.sql(`UPDATE seat SET child = 'x', basis = 'arrangement', taken = true, visible = true WHERE season = $1 AND school = 'ivy' AND ordinal = 2`, [season])
    await expect(put({ schools: [publicSchool('north', 9), privateSchool('ivy', 0)], zones })).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1', [season])).toHaveLength(4)
  })

  it('is fixed while a round is frozen', async () => {
    await running.sql(`INSERT INTO round (season, phase, state, units, children, list_hash) VALUES ($1, 'zoning', 'frozen', 0, 0, 'h')`, [season])
    await expect(put({ schools, zones })).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await put({ schools: [publicSchool('north', 2), privateSchool('ivy', 2)], zones })).toMatchObject({ seats: 4 })
  })

  it('takes other plans, for the rounds to come, and nothing else once the round is over', async () => {
    await running.sql(`UPDATE round SET state = 'published', decided_at = now(), published_at = now() WHERE season = $1`, [season])
    expect(await put({ schools: [publicSchool('north', 6), privateSchool('ivy', 2)], zones })).toMatchObject({ seats: 8 })
    await expect(put({ schools: [publicSchool('north', 6), { ...privateSchool('ivy', 2), name: 'Oak' }], zones })).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(put({ schools: [publicSchool('north', 6)], zones: [] })).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await put({ schools: [publicSchool('north', 2), privateSchool('ivy', 2)], zones })).toMatchObject({ seats: 4 })
  })

  it('takes another plan of one school by its name, and tells of that school alone', async () => {
    const set = (school: string, plan: number) => running.city.setPlan({ params: { season, school }, body: { plan } })
    expect(await set('north', 5)).toEqual({ school: 'north', before: 2, plan: 5 })
    expect(await set('north', 5)).toEqual({ school: 'north', before: 5, plan: 5 })
    const told = await running.sql<{ data: { id: string; plan: number } }>(`SELECT event->'data' AS data FROM platform.outbox WHERE event->>'type' LIKE '%school-offered%' AND event->>'season' = $1 ORDER BY position DESC LIMIT 1`, [season])
    expect(told).toMatchObject([{ data: { id: 'north', plan: 5 } }])
    await expect(set('ivy', 0)).rejects.toMatchObject({ type: 'round-conflict', particulars: { schools: ['ivy'] } })
    await expect(set('nowhere', 1)).rejects.toMatchObject({ type: 'unknown-school' })
    await Promise.all([set('north', 2), set('ivy', 3)])
    expect((await running.city.listSchools({ params: { season } })).schools).toMatchObject([{ id: 'ivy', plan: 3 }, { id: 'north', plan: 2 }])
    await set('ivy', 2)
  })

  it('keeps its plans while a group of a round is held back', async () => {
    await running.sql(`UPDATE seat SET reserved_for = 'zoning' WHERE season = $1 AND school = 'north'`, [season])
    await expect(put({ schools, zones })).rejects.toMatchObject({ type: 'round-conflict' })
    await running.sql('UPDATE seat SET reserved_for = NULL WHERE season = $1', [season])
  })

  it('shows what is left to the bureau at once and to guardians only once it is published', async () => {
    const asked = { params: { season } }
    const { schools: seen } = await running.guardian(1).listSchools(asked)
    expect(seen.every((school) => school.free === undefined && school.taken === undefined)).toBe(true)
    expect((await running.city.listSchools(asked)).schools).toMatchObject([{ id: 'ivy', plan: 2, taken: 1, free: 1 }, { id: 'north', plan: 2, free: 2 }])
  })

  it('is told page by page', async () => {
    const first = await running.city.listSchools({ params: { season }, query: { limit: 1 } })
    expect(first).toMatchObject({ schools: [{ id: 'ivy' }], next: 'ivy' })
    const second = await running.city.listSchools({ params: { season }, query: { limit: 1, cursor: first.next } })
    expect(second.schools.map(({ id }) => id)).toEqual(['north'])
    expect(second.next).toBeUndefined()
  })

  it('has tables that are what the schema describes', async () => {
    expect(await schemaDiff('services/allocation/store/schema.prisma', running.url)).toBe('')
  })
})
