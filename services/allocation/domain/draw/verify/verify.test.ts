import { describe, expect, it } from 'vitest'
import { DRAW_STEPS, type DrawTranscript } from '../../../../../contracts/draw.js'
import { jsonPointer } from '../../../../../platform/faults.js'
import { commit, draw, reveal } from '../ceremony.js'
import { stepHash } from '../digest.js'
import { DRAND_SOURCE, exampleDraw, exampleSupplement, ROUNDS, type Otherwise } from '../draw.fixture.js'
import { readDraw } from './read.js'
import { verifyDraw } from './verify.js'

const example = exampleDraw()

type Json = string | number | boolean | null | Json[] | { [member: string]: Json }
type Path = (string | number)[]

/** Where a changed transcript is said to be wrong. */
function placesIn(changed: unknown): string[] {
  const { transcript, faults } = readDraw(JSON.parse(JSON.stringify(changed)))
  return (faults ?? verifyDraw(transcript).findings).map(({ at }) => at)
}

const kindsIn = (transcript: DrawTranscript): string[] => verifyDraw(transcript).findings.map(({ at, what }) => `${at} ${what}`)

/** Whether a place is where the change is, or what the change is in; the whole file would be no place. */
function names(place: string, path: Path): boolean {
  // Whether there has to be an alarm is what this member says.
  if (path.at(-1) === 'agreed' && place === jsonPointer([...path.slice(0, -1), 'alarm'])) return true
  return place !== '' && `${jsonPointer(path)}/`.startsWith(`${place}/`)
}

describe.each([['a transcript', exampleDraw()], ['a supplement', exampleSupplement()]])('%s', (_, example) => {
  const set = (path: Path, value: Json | undefined) => setIn(example, path, value)
  it('as it was written agrees', () => {
    expect(verifyDraw(example)).toMatchObject({ agreed: true, findings: [], hash: example.publish!.hash })
  })

  const leaves = leavesOf(example as unknown as Json)

  it('has all its fields tried below', () => {
    expect(leaves.length).toBeGreaterThan(300)
    for (const step of DRAW_STEPS) expect(leaves.some(({ path }) => path[0] === step)).toBe(true)
  })

  it('of which any value is changed by a bit, a character or one does not agree, and the place is named', () => {
    for (const { path, value } of leaves) {
      for (const other of changesOf(value)) expect(placesIn(set(path, other)).some((place) => names(place, path)), `${jsonPointer(path)}: ${value} → ${JSON.stringify(other)}`).toBe(true)
    }
  })

  it('of which any value is left out does not agree, and the place is named', () => {
    for (const { path } of leaves) expect(placesIn(set(path, undefined)).some((place) => names(place, path)), jsonPointer(path)).toBe(true)
  })

  it('of which any member has another name does not agree, and the place is named', () => {
    for (const { path, value } of membersOf(example as unknown as Json)) {
      const name = String(path.at(-1))
      const parent = path.slice(0, -1).reduce<Json>((at, key) => (at as Record<string, Json>)[key]!, example as unknown as Json)
      const { [name]: _named, ...others } = parent as Record<string, Json>
      const renamed = [...path.slice(0, -1), `${name}x`]
      const places = placesIn(set(path.slice(0, -1), { ...others, [`${name}x`]: value }))
      expect(places.some((place) => names(place, path) || names(place, renamed)), jsonPointer(path)).toBe(true)
    }
  })

  it('in which any two neighbours of a list change places does not agree, and the place is named', () => {
    for (const { path, list } of listsOf(example as unknown as Json)) {
      for (let at = 1; at < list.length; at += 1) {
        const turned = list.with(at - 1, list[at]!).with(at, list[at - 1]!)
        expect(placesIn(set(path, turned)).some((place) => names(place, path) || place.startsWith(`${jsonPointer(path)}/`)), `${jsonPointer(path)} ${at}`).toBe(true)
      }
    }
  })

  it('with a member that it should not have cannot be read, and the place is named', () => {
    for (const path of [[], ['freeze'], ['commit', 'engine'], ['reveal', 'parts', 0], ['groups', 0], ['groups', 0, 'round'], ['groups', 0, 'round', 'applicants', 0], ['groups', 0, 'result']]) {
      expect(placesIn(set([...path, 'more'], 1)).some((place) => names(place, [...path, 'more'])), jsonPointer(path)).toBe(true)
    }
    expect(placesIn(set(['groups', 0, 'round', 'seed'], '00'))).toContain('/groups/0/round/seed')
  })

  it('without a step in between does not agree', () => {
    for (const step of DRAW_STEPS.slice(1, -1)) expect(placesIn(set([step], undefined))).toContain(`/${step}`)
  })
})

describe('whoever computes all hashes anew', () => {
  it('has no secrets for another list: the witnesses committed to the freeze as it was', () => {
    const other = exampleDraw({ rounds: ROUNDS.map((round) => ({ ...round, schools: round.schools.map((school) => ({ ...school, plan: school.plan + 1 })) })) })
    const kept = other.commit!.sources.map((source, index) => (source.kind === 'witness' ? example.commit!.sources[index]! : source))
    const { commit: { hash: _h, previous: _p, rule: _r, ...committed } = never(), reveal: { hash: _rh, previous: _rp, ...revealed } = never() } = other
    const forged = draw(reveal(commit(other, { ...committed, sources: kept }), revealed), { at: other.draw!.at })
    expect(kindsIn({ ...forged, check: undefined, publish: undefined })).toEqual(['/reveal/parts/0/secret secret-differs', '/reveal/parts/2/secret secret-differs'])
  })

  it.each<[string, Otherwise, string[]]>([
    ['commits before the freeze', { at: { freeze: '2023-08-23T11:00:00.001Z' } }, ['/commit/at too-early']],
    ['commits at the instant of the freeze', { at: { freeze: '2023-08-23T11:00:00.000Z' } }, ['/commit/at too-early']],
    ['freezes after the reveal', { at: { freeze: '2023-08-23T16:00:00.001Z' } }, ['/commit/at too-early']],
    ['draws before the reveal', { at: { draw: '2023-08-23T15:59:59.999Z' } }, ['/draw/at too-early']],
    ['checks before the draw', { at: { check: '2023-08-23T16:00:00.999Z' } }, ['/check/at too-early']],
    ['publishes before the check', { at: { publish: '2023-08-23T16:00:04.999Z' } }, ['/publish/at too-early']],
    ['has a secret from before the commit', { witnesses: { 公证处: '2023-08-23T11:00:00.000Z' } }, ['/reveal/parts/0/at not-in-time']],
    ['takes a secret that comes too late', { witnesses: { 公证处: '2023-08-23T15:30:00.001Z' } }, ['/reveal/parts/0/at not-in-time']],
    ['calls a witness absent before the time is up', { at: { revealBy: '2023-08-23T15:59:23.999Z', reveal: '2023-08-23T15:59:23.999Z' } }, ['/reveal/at closed-too-early', '/reveal/at closed-too-early']],
    ['reveals before drand has', { at: { reveal: '2023-08-23T15:59:23.999Z' } }, ['/reveal/at closed-too-early']],
    ['names a drand round that is known at the commit', { at: { commit: '2023-08-23T15:59:24.000Z', revealBy: '2023-08-23T15:59:24.000Z' }, witnesses: { 公证处: '2023-08-23T15:59:24.001Z', 纪检组: 'absent' }, least: 0 }, ['/commit/sources/3/round round-too-early', '/reveal/parts/0/at not-in-time']],
    ['names one that is known while witnesses still reveal', { at: { revealBy: '2023-08-23T15:59:24.000Z' } }, ['/commit/sources/3/round round-too-early']],
    ['draws though too few have revealed', { witnesses: { 公证处: 'absent' } }, ['/draw too-few-revealed']],
    ['asks for more witnesses than there are', { least: 4 }, ['/commit/least least-wrong', '/draw too-few-revealed']],
    ['asks for none and has no drand', { sources: (all) => all.slice(0, 3), least: 0 }, ['/commit/least least-wrong']],
    ['has one witness twice', { sources: ([notary, , , drand]) => [notary!, notary!, drand!] }, ['/commit/sources/1/name same-witness', '/commit/sources/1/commitment same-witness']],
    ['has two rounds of drand', { sources: (all) => [...all, DRAND_SOURCE] }, ['/commit/sources/4 two-beacons']],
    ['has a network of drand of its own', { sources: (all) => all.with(3, { ...DRAND_SOURCE, chain: '00'.repeat(32) }) }, ['/commit/sources/3/chain unknown-chain']],
    ['has a key of its own for a network of drand', { sources: (all) => all.with(3, { ...DRAND_SOURCE, publicKey: `${DRAND_SOURCE.publicKey.slice(0, -1)}b` }) }, ['/commit/sources/3/publicKey unknown-chain']],
    ['has another round of drand than was named', { sources: (all) => all.with(3, { ...DRAND_SOURCE, round: 1_001 }) }, ['/reveal/parts/3/round parts-differ']],
    ['has but one implementation under two versions', { by: [{ name: 'ruxue', version: '1' }, { name: 'ruxue', version: '2' }] }, ['/check/by one-implementation']],
  ])('and %s is found out', (_, otherwise, wanted) => {
    expect(kindsIn(exampleDraw(otherwise))).toEqual(wanted)
  })

  it.each<[Path, Json, string]>([
    [['freeze', 'groups', 0, 'count'], 7, 'count-differs'],
    [['freeze', 'groups', 0, 'list'], '00'.repeat(32), 'list-differs'],
    [['freeze', 'groups', 0, 'root'], '00'.repeat(32), 'root-differs'],
    [['reveal', 'parts', 3, 'randomness'], '00'.repeat(32), 'randomness-differs'],
    [['draw', 'groups', 0, 'seed'], '00'.repeat(32), 'seed-differs'],
    [['draw', 'groups', 0, 'result'], '00'.repeat(32), 'result-digest-differs'],
    [['check', 'groups', 1, 'id'], 'south', 'groups-differ'],
  ])('and changes %j is found out', (path, value, kind) => {
    expect(kindsIn(chained(setIn(example, path, value) as DrawTranscript))).toContain(`${jsonPointer(path)} ${kind}`)
  })

  it('but for a step before is found out', () => {
    const other = setIn(example, ['draw', 'previous'], '00'.repeat(32)) as DrawTranscript
    expect(kindsIn({ ...other, draw: { ...other.draw!, hash: stepHash(other.draw!) }, check: undefined, publish: undefined })).toContain('/draw/previous previous-differs')
  })

  it('and decides otherwise is found out', () => {
    const { groups: [east, ...others], draw: drawn, check, publish, ...rest } = structuredClone(example)
    const [first] = east!.result!.assignments
    first!.school = 's2'
    first!.choice = 2
    const transcript = { ...rest, groups: [east!, ...others], draw: drawn, check, publish }
    expect(kindsIn(transcript)).toEqual(['/groups/0/result/assignments/0/school result-differs', '/groups/0/result/assignments/0/choice result-differs'])
    expect(verifyDraw(transcript).groups.map(({ agreed }) => agreed)).toEqual([false, true, true])
  })

  it('and names one implementation twice beside another agrees', () => {
    expect(kindsIn(exampleDraw({ by: [{ name: 'ruxue', version: '1' }, { name: 'ruxue', version: '2' }, { name: 'verify_draw.py', version: '1' }] }))).toEqual([])
  })

  it('and publishes a group that was held back is found out', () => {
    const all = exampleDraw({ alarms: {} })
    const groups = example.groups.with(2, all.groups[2]!)
    expect(kindsIn({ ...example, groups })).toEqual(['/groups/2/result result-held-back'])
  })

  it('and has places before the draw is found out', () => {
    expect(kindsIn({ ...example, draw: undefined, check: undefined, publish: undefined })).toEqual([0, 1, 2].flatMap((index) => [
      `/groups/${index}/entries/0/ticket before-its-step`, ...(index < 2 ? [`/groups/${index}/result before-its-step`] : []),
    ]))
  })

  it('of a run must say which one was before', () => {
    const again = (freeze: DrawTranscript['freeze']) => kindsIn({ format: example.format, rule: example.rule, groups: example.groups.map(({ round, entries }) => ({ round, entries: entries.map(({ unit, leaf }) => ({ unit, leaf })) })), freeze: { ...freeze, hash: stepHash(freeze) } })
    expect(again({ ...example.freeze, run: 2 })).toEqual(['/freeze/previous previous-unexpected'])
    expect(again({ ...example.freeze, run: 2, previous: example.publish!.hash })).toEqual([])
  })
})

describe('witnesses who do not reveal', () => {
  it('change the draw and do not stop it, as long as enough have', () => {
    const fewer = exampleDraw({ witnesses: { 公证处: 'absent' }, least: 1 })
    expect(verifyDraw(fewer).agreed).toBe(true)
    expect(fewer.draw!.groups).not.toEqual(example.draw!.groups)
  })

  it('stop it where too few have: the transcript ends there, and agrees', () => {
    const { draw: _d, check: _c, publish: _p, ...ended } = exampleDraw({ witnesses: { 公证处: 'absent' } })
    const groups = ended.groups.map(({ round, entries }) => ({ round, entries: entries.map(({ unit, leaf }) => ({ unit, leaf })) }))
    expect(verifyDraw({ ...ended, groups }).agreed).toBe(true)
  })
})

/** The transcript with the hashes of all its steps anew. */
function chained(transcript: DrawTranscript): DrawTranscript {
  let previous: string | undefined
  const steps = DRAW_STEPS.map((name) => {
    const step = { ...transcript[name]!, ...(previous !== undefined && { previous }) }
    previous = stepHash(step)
    return [name, { ...step, hash: previous }]
  })
  return { ...transcript, ...Object.fromEntries(steps) }
}

function leavesOf(value: Json, path: Path = []): { path: Path; value: Exclude<Json, object> | null }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, one]) => leavesOf(one, [...path, key]))
}

function membersOf(value: Json, path: Path = []): { path: Path; value: Json }[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one, at) => membersOf(one, [...path, at]))
  return Object.entries(value).flatMap(([name, one]) => [{ path: [...path, name], value: one }, ...membersOf(one, [...path, name])])
}

function listsOf(value: Json, path: Path = []): { path: Path; list: Json[] }[] {
  if (typeof value !== 'object' || value === null) return []
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [...(Array.isArray(value) ? [{ path, list: value }] : []), ...entries.flatMap(([key, one]) => listsOf(one, [...path, key]))]
}

/** Values that differ by as little as can be. */
function changesOf(value: Exclude<Json, object> | null): Json[] {
  if (value === null) return ['s1', 1]
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value - 1, value + 1]
  if (/^([0-9a-f]{2})+$/.test(value)) return [0, value.length - 1].map((at) => replaceAt(value, at, (Number.parseInt(value[at]!, 16) ^ 1).toString(16)))
  const instant = Date.parse(value)
  if (/^\d{4}-.*Z$/.test(value) && !Number.isNaN(instant)) return [instant - 1, instant + 1].map((ms) => new Date(ms).toISOString())
  return [0, value.length - 1].map((at) => replaceAt(value, at, String.fromCharCode(value.charCodeAt(at) ^ 1)))
}

const replaceAt = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + 1)

/** A transcript with one value changed, or left out. */
function setIn(transcript: DrawTranscript, path: Path, value: Json | undefined): unknown {
  if (path.length === 0) return value
  const changed: unknown = structuredClone(transcript)
  const last = path.at(-1)!
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], changed) as Record<string | number, unknown>
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (value === undefined) delete parent[last]
  else parent[last] = value
  return changed
}

function never(): never {
  throw new Error('The example has every step')
}
