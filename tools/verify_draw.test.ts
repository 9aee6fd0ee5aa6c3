import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inclusionsOf } from '../services/allocation/domain/draw/inclusion.js'

const EXAMPLE = 'docs/examples/draw.json'
const SUPPLEMENT = 'docs/examples/draw-supplement.json'

// A transcript to be spoilt: its shape is what these tests are about.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any
type Finding = { step: string; at: string; what: string }
type Report = { agreed: boolean; file: string; hash: string | null; groups: { id: string; agreed: boolean; held: boolean }[]; findings: Finding[] }

const example = (): Json => JSON.parse(readFileSync(EXAMPLE, 'utf8'))

function python(args: string[], input: string | Buffer = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('python3', args, { input, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

function verify(transcript: Json): { code: number | null; report: Report } {
  const input = typeof transcript === 'string' || Buffer.isBuffer(transcript) ? transcript : JSON.stringify(transcript)
  const { code, out, err } = python(['tools/verify_draw.py', '-', '--json'], input)
  expect(err).not.toContain('Traceback')
  return { code, report: JSON.parse(out) }
}

function changed(change: (transcript: Json) => void): Json {
  const transcript = example()
  change(transcript)
  return transcript
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Computes the hashes of these steps anew, as one who changes a transcript would. */
function rehash(transcript: Json, ...steps: string[]): void {
  let previous: string | undefined
  for (const name of steps) {
    const { hash: _, ...step } = transcript[name]
    if (previous !== undefined) step.previous = previous
    previous = sha256(canonical(step))
    transcript[name] = { ...step, hash: previous }
  }
}

/** The supplement as it is when its check begins. */
function asFarAsTheDraw(): Json {
  const { check: _check, publish: _publish, ...transcript } = JSON.parse(readFileSync(SUPPLEMENT, 'utf8'))
  return transcript
}

function beforeTheDraw(...steps: string[]): Json {
  const transcript = example()
  for (const step of steps) delete transcript[step]
  for (const group of transcript.groups) {
    delete group.result
    for (const entry of group.entries) delete entry.ticket
  }
  return transcript
}

describe('verify_draw.py on a transcript that is right', () => {
  it('agrees with the example, and says what it has left out and what is held back', () => {
    const { code, out } = python(['tools/verify_draw.py', EXAMPLE])
    expect(code).toBe(0)
    expect(out).toContain('Group west agrees; it is held back: verify_draw.py: draw /draw/groups/2/result is not what is computed')
    expect(out).toContain('What was decided of it then is another here: no fault')
    expect(out).toContain('Left out: the BLS signature')
    expect(out).toContain('Absent witnesses: 家长代表')
    expect(out).toContain('Everything else agrees.')
  })

  it('agrees with a supplement, in which nothing is held back any more', () => {
    const { code, out } = python(['tools/verify_draw.py', SUPPLEMENT])
    expect(out).not.toContain('held back')
    expect(code).toBe(0)
  })

  it('says of a group held back that it decides the same, where it does', () => {
    const transcript = example()
    transcript.draw.groups[2].result = asFarAsTheDraw().draw.groups[2].result
    rehash(transcript, 'draw', 'check', 'publish')
    const { code, report } = verify(transcript)
    expect(report.findings).toEqual([])
    expect(report.groups[2]).toEqual({ id: 'west', agreed: true, held: true, confirmed: true })
    expect(code).toBe(0)
  })

  it('says so in Chinese', () => {
    const { code, out } = python(['tools/verify_draw.py', EXAMPLE, '--lang', 'zh'])
    expect(code).toBe(0)
    expect(out).toContain('未验证：drand 的 BLS 签名')
    expect(out).toContain('其余全部一致。')
  })

  it('prints its report as JSON', () => {
    const { code, out, err } = python(['tools/verify_draw.py', EXAMPLE, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      agreed: true, file: EXAMPLE, hash: example().publish.hash, findings: [],
      groups: [{ id: 'east', agreed: true, held: false }, { id: 'north', agreed: true, held: false }, { id: 'west', agreed: true, held: true, confirmed: false }],
    })
    expect(err).toContain('Left out: the BLS signature')
  })

  it.each([
    ['freeze', () => beforeTheDraw('commit', 'reveal', 'draw', 'check', 'publish')],
    ['commit', () => beforeTheDraw('reveal', 'draw', 'check', 'publish')],
    ['reveal', () => beforeTheDraw('draw', 'check', 'publish')],
    ['draw', asFarAsTheDraw],
    ['check', () => changed((t) => delete t.publish)],
  ])('agrees with one that ends after %s', (step, transcript) => {
    const ended = transcript()
    const { code, report } = verify(ended)
    expect(report.findings).toEqual([])
    expect(report.hash).toBe(ended[step].hash)
    expect(code).toBe(0)
  })

  it('agrees with the same JSON in another order of members', () => {
    const reversed = (value: Json): Json =>
      Array.isArray(value) ? value.map(reversed)
      : value === null || typeof value !== 'object' ? value
      : Object.fromEntries(Object.entries(value).reverse().map(([name, one]) => [name, reversed(one)]))
    expect(verify(reversed(example())).code).toBe(0)
  })
})

const OTHER = 'a'.repeat(64)
const CHANGES: [what: string, step: string, at: string, change: (t: Json) => void][] = [
  ['the id of an applicant', 'freeze', '/groups/0/round/applicants/5', (t) => (t.groups[0].round.applicants[5].id = 'a66')],
  ['the unit of an applicant', 'freeze', '/groups/0/round/applicants/5', (t) => (t.groups[0].round.applicants[5].unit = 'u7')],
  ['a choice of an applicant', 'freeze', '/groups/0/round/applicants/5', (t) => (t.groups[0].round.applicants[5].choices = ['s3'])],
  ['the class of an applicant', 'freeze', '/groups/1/round/applicants/0', (t) => (t.groups[1].round.applicants[0].class = 'special')],
  ['a key of an applicant', 'freeze', '/groups/1/round/applicants/2', (t) => (t.groups[1].round.applicants[2].keys.points = 76)],
  ['a key of a member of a unit', 'freeze', '/groups/1/round/applicants/4', (t) => (t.groups[1].round.applicants[4].keys.registeredAt = 3)],
  ['an applicant left out', 'freeze', '/groups/0/entries', (t) => t.groups[0].round.applicants.splice(5, 1)],
  ['an applicant added', 'freeze', '/groups/0/round/applicants/9', (t) => t.groups[0].round.applicants.push({ id: 'b1', choices: ['s1'] })],
  ['an applicant moved', 'freeze', '/groups/0/round/applicants/6', (t) => t.groups[0].round.applicants.splice(5, 0, ...t.groups[0].round.applicants.splice(6, 1))],
  ['an applicant left out with its entry', 'freeze', '/groups/0/entries', (t) => {
    t.groups[0].round.applicants.splice(5, 1)
    t.groups[0].entries.splice(3, 1)
  }],
  ['an entry left out', 'freeze', '/groups/0/entries', (t) => t.groups[0].entries.splice(5, 1)],
  ['a plan', 'freeze', '/groups/0/round/schools', (t) => t.groups[0].round.schools[0].plan++],
  ['a school added', 'freeze', '/groups/0/round/schools', (t) => t.groups[0].round.schools.push({ id: 's9', plan: 1 })],
  ['schools moved', 'freeze', '/groups/0/round/schools', (t) => t.groups[0].round.schools.reverse()],
  ['the mechanism', 'freeze', '/groups/0/round', (t) => (t.groups[0].round.mechanism = 'deferred')],
  ['an order', 'freeze', '/groups/1/round', (t) => t.groups[1].round.orders.s5.ids.reverse()],
  ['the overflow', 'freeze', '/groups/0/round', (t) => (t.groups[0].round.unitOverflow = 'admit')],
  ['the id of the round', 'freeze', '/groups/0/round', (t) => (t.groups[0].round.id = 'south')],
  ["an entry's unit", 'freeze', '/groups/0/entries/5/unit', (t) => (t.groups[0].entries[5].unit = 'a88')],
  ["an entry's leaf", 'freeze', '/groups/0/entries/5/leaf', (t) => (t.groups[0].entries[5].leaf = OTHER)],
  ['the count', 'freeze', '/freeze/groups/0/count', (t) => t.freeze.groups[0].count++],
  ['the list', 'freeze', '/freeze/groups/0/list', (t) => (t.freeze.groups[0].list = OTHER)],
  ['the root', 'freeze', '/freeze/groups/0/root', (t) => (t.freeze.groups[0].root = OTHER)],
  ['the hash of the schools', 'freeze', '/freeze/groups/0/schools', (t) => (t.freeze.groups[0].schools = OTHER)],
  ['the hash of the setting', 'freeze', '/freeze/groups/0/setting', (t) => (t.freeze.groups[0].setting = OTHER)],
  ['the order of the groups', 'freeze', '/freeze/groups/0/id', (t) => t.groups.unshift(...t.groups.splice(1, 1))],
  ['the text of the rule', 'commit', '/rule', (t) => (t.rule += 'But for some.')],
  ['the hash of the rule', 'commit', '/commit/rule', (t) => (t.commit.rule = OTHER)],
  ['a secret', 'reveal', '/reveal/parts/0', (t) => (t.reveal.parts[0].secret = OTHER)],
  ['a commitment', 'reveal', '/reveal/parts/0', (t) => (t.commit.sources[0].commitment = OTHER)],
  ["a witness's name", 'reveal', '/reveal/parts/0', (t) => (t.reveal.parts[0].name = '公证人')],
  ["a witness's name in both places", 'reveal', '/reveal/parts/0', (t) => (t.commit.sources[0].name = t.reveal.parts[0].name = '公证人')],
  ['the chain of drand', 'commit', '/commit/sources/3/chain', (t) => (t.commit.sources[3].chain = OTHER)],
  ['the public key of drand', 'commit', '/commit/sources/3/publicKey', (t) => (t.commit.sources[3].publicKey = 'aa')],
  ['the scheme of drand', 'commit', '/commit/sources/3/scheme', (t) => (t.commit.sources[3].scheme = 'none')],
  ['the round of drand, to one before the commit', 'commit', '/commit/sources/3/round', (t) => (t.commit.sources[3].round = 2)],
  ['the round that drand reveals', 'reveal', '/reveal/parts/3/round', (t) => t.reveal.parts[3].round++],
  ['a signature', 'reveal', '/reveal/parts/3/signature', (t) => (t.reveal.parts[3].signature = 'a'.repeat(96))],
  ['the order of steps', 'reveal', '/reveal/at', (t) => (t.reveal.at = t.commit.at)],
  ['a witness who reveals too late', 'reveal', '/reveal/parts/2/at', (t) => (t.reveal.parts[2].at = '2023-08-23T15:30:00.001Z')],
  ['a reveal before revealBy with a witness absent', 'reveal', '/reveal/at', (t) => (t.commit.revealBy = t.reveal.at)],
  ['a reveal before the round of drand comes', 'reveal', '/reveal/at', (t) => (t.commit.sources[3].round = t.reveal.parts[3].round = 9000)],
  ['a draw although too few have revealed', 'draw', '/draw', (t) => (t.commit.least = 3)],
  ['more witnesses needed than there are', 'commit', '/commit/least', (t) => (t.commit.least = 4)],
  ['a witness who stands there twice', 'commit', '/commit/sources/1/name', (t) => (t.commit.sources[1].name = '公证处')],
  ['a second source of drand', 'commit', '/commit/sources/4', (t) => t.commit.sources.push(t.commit.sources[3])],
  ['witnesses who must reveal before the commit', 'commit', '/commit/revealBy', (t) => (t.commit.revealBy = '2023-08-23T10:59:59.999Z')],
  ['a signature of another length', 'reveal', '/reveal/parts/3/signature', (t) => {
    t.reveal.parts[3].signature = 'aa'
    t.reveal.parts[3].randomness = createHash('sha256').update(Buffer.from('aa', 'hex')).digest('hex')
  }],
  ['a previous signature on quicknet', 'reveal', '/reveal/parts/3/previousSignature', (t) => (t.reveal.parts[3].previousSignature = 'aa')],
  ['a part left out', 'reveal', '/reveal/parts', (t) => t.reveal.parts.pop()],
  ['a seed', 'draw', '/draw/groups/0/seed', (t) => (t.draw.groups[0].seed = OTHER)],
  ['the tickets that follow from a seed', 'draw', '/groups/0/entries/5/ticket', (t) => (t.draw.groups[0].seed = OTHER)],
  ['a ticket', 'draw', '/groups/0/entries/5/ticket', (t) => (t.groups[0].entries[5].ticket = OTHER)],
  ['a school in a result', 'draw', '/groups/0/result/assignments/5/school', (t) => (t.groups[0].result.assignments[5].school = 's1')],
  ['a reason in a result', 'draw', '/groups/0/result/assignments/5/reason', (t) => (t.groups[0].result.assignments[5].reason = 'own-seat')],
  ['the reserves in a result', 'draw', '/groups/0/result/reserves/s1', (t) => t.groups[0].result.reserves.s1.pop()],
  ['the digest of a result', 'draw', '/draw/groups/0/result', (t) => (t.draw.groups[0].result = OTHER)],
  ['the digest of the result of a group held back', 'draw', '/draw', (t) => (t.draw.groups[2].result = OTHER)],
  ['previous', 'draw', '/draw/previous', (t) => (t.draw.previous = OTHER)],
  ['an instant', 'commit', '/commit', (t) => (t.commit.at = '2023-08-23T11:00:00.001Z')],
  ['a version', 'commit', '/commit', (t) => (t.commit.engine.version = '0.1.1')],
  ['an alarm', 'check', '/check', (t) => (t.check.groups[2].alarm = 'None.')],
  ['one implementation left out', 'check', '/check/by', (t) => t.check.by.pop()],
  ['a group of the draw added', 'draw', '/draw/groups/3', (t) => t.draw.groups.push(t.draw.groups[0])],
  ['a group of the check left out', 'check', '/check/groups/2', (t) => {
    t.check.groups.pop()
    t.groups[2].result = t.groups[1].result
  }],
  ['an instant in the last step', 'publish', '/publish', (t) => (t.publish.at = '2023-08-23T18:00:00.001Z')],
  ['two groups with one id', 'freeze', '/groups/1/round/id', (t) => (t.groups[1].round.id = 'east')],
]

const NORTH = '/groups/1/round'
const REFUSED: [what: string, at: string, says: string, change: (round: Json) => void][] = [
  ['a school that stands there twice', '/schools/1', 'twice', (r) => (r.schools[1].id = 's4')],
  ['a school called default', '/schools/2/id', 'cannot be', (r) => (r.schools[2].id = 'default')],
  ['a school without an order', '/schools/0', 'no order', (r) => delete r.orders.default],
  ['a class that stands there twice', '/schools/0/classes/1', 'twice', (r) => (r.schools[0].classes[1].id = 'contract')],
  ['more own seats than the plan', '/schools/0/classes', 'more own seats', (r) => (r.schools[0].classes[0].seats = 4)],
  ['an applicant who stands there twice', '/applicants/1', 'twice', (r) => (r.applicants[1].id = 'b1')],
  ['a school that nobody knows', '/applicants/0/choices', 'unknown', (r) => (r.applicants[0].choices = ['s7'])],
  ['a school chosen twice', '/applicants/0/choices', 'twice', (r) => (r.applicants[0].choices = ['s4', 's4'])],
  ['a unit with the name of an applicant', '/applicants/0/unit', 'id of an applicant', (r) => (r.applicants[0].unit = 'b2')],
  ['members of a unit who differ in choices', '/applicants/4', 'differs', (r) => r.applicants[4].choices.pop()],
  ['members of a unit who differ in class', '/applicants/4', 'differs', (r) => (r.applicants[4].class = 'special')],
  ['instants of registration of two kinds', '/applicants/4/keys/registeredAt', 'another kind', (r) => (r.applicants[4].keys.registeredAt = 'early')],
  ['an instant of registration that is missing', '/applicants/4/keys/registeredAt', 'another kind', (r) => delete r.applicants[4].keys.registeredAt],
  ['an order for no school', '/orders/s9', 'no school', (r) => (r.orders.s9 = { kind: 'lottery' })],
  ['an order of its own in a serial round', '/orders/s6', 'no school', (r) => (r.mechanism = 'serial')],
  ['a name listed twice', '/orders/s5/ids/5', 'twice', (r) => r.orders.s5.ids.push('b1')],
  ['a name listed that nobody has', '/orders/s5/ids', 'unknown', (r) => r.orders.s5.ids.push('b7')],
  ['a list that leaves out who chose the school', '/orders/s5/ids', 'leave out', (r) => r.orders.s5.ids.pop()],
  ['a key that is missing', '/orders/default/by/1', 'lacks', (r) => delete r.applicants[0].keys.points],
  ['a key of two kinds', '/orders/default/by/1', 'two kinds', (r) => (r.applicants[0].keys.points = 'many')],
]

describe('verify_draw.py on a transcript that was changed', () => {
  it.each(CHANGES)('finds %s (%s at %s)', (_what, step, at, change) => {
    const { code, report } = verify(changed(change))
    expect(report.findings).toContainEqual(expect.objectContaining({ step, at }))
    expect(report.agreed).toBe(false)
    expect(code).toBe(1)
  })

  it.each(REFUSED)('finds what docs/rounds.md refuses: %s (at %s)', (_what, at, says, change) => {
    const { code, report } = verify(changed((t) => change(t.groups[1].round)))
    expect(report.findings).toContainEqual(expect.objectContaining({ step: 'freeze', at: `${NORTH}${at}`, what: expect.stringContaining(says) }))
    expect(code).toBe(1)
  })

  it('names a changed hash alone, where the next step has what is computed', () => {
    const { code, report } = verify(changed((t) => (t.commit.hash = OTHER)))
    expect(report.findings).toEqual([expect.objectContaining({ step: 'commit', at: '/commit/hash' })])
    expect(code).toBe(1)
  })

  it('names a changed place alone, if nothing follows from it', () => {
    const { report } = verify(changed((t) => (t.groups[0].result.assignments[5].choice = 2)))
    expect(report.findings).toEqual([expect.objectContaining({ step: 'draw', at: '/groups/0/result/assignments/5/choice' })])
  })

  it("tells a changed entry from changed applicants, even where the freeze's root was changed, too", () => {
    const { report } = verify(changed((t) => {
      t.groups[0].entries[5].leaf = OTHER
      t.freeze.groups[0].root = OTHER
    }))
    expect(report.findings.map(({ at }) => at)).toEqual(['/freeze', '/groups/0/entries/5/leaf', '/freeze/groups/0/root'])
  })

  it('says which group does not agree', () => {
    const { report } = verify(changed((t) => (t.groups[1].entries[0].ticket = OTHER)))
    expect(report.groups.map(({ agreed }) => agreed)).toEqual([true, false, true])
  })

  it('finds instants out of order although all hashes were computed anew', () => {
    const { report } = verify(changed((t) => {
      t.draw.at = '2023-08-23T15:59:59.999Z'
      rehash(t, 'draw', 'check', 'publish')
    }))
    expect(report.findings).toEqual([expect.objectContaining({ step: 'draw', at: '/draw/at' })])
  })

  it('finds a secret of which all hashes were computed anew by the commitment', () => {
    const { report } = verify(changed((t) => {
      t.reveal.parts[0].secret = OTHER
      rehash(t, 'reveal', 'draw', 'check', 'publish')
    }))
    expect(report.findings).toContainEqual(expect.objectContaining({ step: 'reveal', at: '/reveal/parts/0' }))
  })

  it('lists findings in the order of steps', () => {
    const { report } = verify(changed((t) => {
      t.publish.at = '2023-08-23T18:00:00.001Z'
      t.groups[0].result.assignments[5].choice = 2
      t.rule += '.'
      t.groups[0].entries[5].leaf = OTHER
    }))
    expect(report.findings.map(({ step }) => step)).toEqual(['freeze', 'commit', 'draw', 'publish'])
  })

  it.each([EXAMPLE, SUPPLEMENT])('finds every change of a single leaf of %s', (file) => {
    const { code, out } = python(['tools/verify_draw_leaves.py', file])
    expect(code).toBe(0)
    const { changes, missed } = JSON.parse(out)
    expect(missed).toEqual([])
    expect(changes).toBeGreaterThan(900)
  })
})

const raw = (from: string | RegExp, to: string): string => {
  const text = readFileSync(EXAMPLE, 'utf8')
  const spoilt = text.replace(from, to)
  expect(spoilt).not.toBe(text)
  return spoilt
}

describe('verify_draw.py on a file that it cannot read', () => {
  it.each<[what: string, at: string, transcript: () => Json]>([
    ['no JSON', '', () => '{'],
    ['nothing', '', () => ''],
    ['an array', '', () => '[]'],
    ['bytes that are not UTF-8', '', () => Buffer.from([0x22, 0xff, 0x22])],
    ['a byte order mark', '', () => `\uFEFF${JSON.stringify(example())}`],
    ['JSON that is nested too deep', '', () => '['.repeat(100_000)],
    ['a number with a point', '', () => raw('"points": 61', '"points": 61.0')],
    ['a number with an exponent', '', () => raw('"points": 61', '"points": 61e0')],
    ['NaN', '', () => raw('"points": 61', '"points": NaN')],
    ['a number that is too large', '/groups/1/round/applicants/0/keys/points', () => raw('"points": 61', '"points": 9007199254740992')],
    ['a member too many', '/commit/colour', () => changed((t) => (t.commit.colour = 'red'))],
    ['a member missing', '/commit/engine/version', () => changed((t) => delete t.commit.engine.version)],
    ['a member of the wrong kind', '/freeze/run', () => changed((t) => (t.freeze.run = '1'))],
    ['true for a number', '/freeze/run', () => changed((t) => (t.freeze.run = true))],
    ['an id with a character that texts have not', '/groups/0/round/id', () => changed((t) => (t.groups[0].round.id = '东'))],
    ['an id that is too long', '/freeze/draw', () => changed((t) => (t.freeze.draw = 'x'.repeat(201)))],
    ['a name with half a character', '/commit/sources/0/name', () => changed((t) => (t.commit.sources[0].name = '\uD800'))],
    ['hex in upper case', '/freeze/hash', () => changed((t) => (t.freeze.hash = OTHER.toUpperCase()))],
    ['a day that is not', '/commit/at', () => changed((t) => (t.commit.at = '2023-02-29T11:00:00.000Z'))],
    ['an instant in another form', '/commit/at', () => changed((t) => (t.commit.at = '2023-08-23T11:00:00Z'))],
    ['another format', '/format', () => changed((t) => (t.format = 'ruxue.draw.v2'))],
    ['no group', '/groups', () => changed((t) => (t.groups = []))],
    ['a step missing in between', '/reveal', () => changed((t) => delete t.reveal)],
    ['no freeze', '/freeze', () => changed((t) => delete t.freeze)],
    ['a seed in the round', '/groups/0/round/seed', () => changed((t) => (t.groups[0].round.seed = OTHER))],
    ['a second run without the hash of the first', '/freeze/previous', () => changed((t) => (t.freeze.run = 2))],
    ['a first run with a hash of one before', '/freeze/previous', () => changed((t) => (t.freeze.previous = OTHER))],
    ['witnesses without an instant', '/commit/revealBy', () => changed((t) => delete t.commit.revealBy)],
    ['witnesses of whom no number must reveal', '/commit/least', () => changed((t) => delete t.commit.least)],
    ['a ticket before the draw', '/groups/0/entries/0/ticket', () => {
      const t = beforeTheDraw('draw', 'check', 'publish')
      t.groups[0].entries[0].ticket = OTHER
      return t
    }],
    ['a result of a group held back', '/groups/2/result', () => changed((t) => (t.groups[2].result = t.groups[1].result))],
    ['no result of a group that agreed', '/groups/0/result', () => changed((t) => delete t.groups[0].result)],
    ['a group held back without an alarm', '/check/groups/2/alarm', () => changed((t) => delete t.check.groups[2].alarm)],
  ])('ends with 2 for %s', (_what, at, transcript) => {
    const { code, report } = verify(transcript())
    expect(report.findings).toContainEqual(expect.objectContaining({ step: 'file', at }))
    expect(report).toMatchObject({ agreed: false, hash: null, groups: [] })
    expect(code).toBe(2)
  })

  it('ends with 2 if there is no such file', () => {
    const { code, out } = python(['tools/verify_draw.py', 'tools/none.json', '--lang', 'zh'])
    expect(code).toBe(2)
    expect(out).toBe('file : tools/none.json 无法打开\n')
  })

  it.each<[what: string, says: string, saysInChinese: string, change: (t: Json) => void]>([
    ['key', 'a whole number from -9007199254740991 to 9007199254740991 or 1 to 200 printable ASCII characters', ' -9007199254740991 至 9007199254740991 的整数或 1 至 200 个可打印 ASCII 字符', (t) => (t.groups[1].round.applicants[0].keys.points = '')],
    ['hash', '64 lower-case hexadecimal digits', ' 64 位小写十六进制数字', (t) => (t.freeze.hash = 'AB')],
    ['mechanism', '"deferred" | "immediate" | "serial"', '"deferred" | "immediate" | "serial"', (t) => (t.groups[0].round.mechanism = 'boston')],
    ['list', 'an array', '数组', (t) => (t.groups = {})],
    ['part', 'an object', '对象', (t) => (t.reveal.parts[0] = 5)],
  ])('says in words of which form a %s should be', (_what, says, saysInChinese, change) => {
    const input = JSON.stringify(changed(change))
    expect(python(['tools/verify_draw.py', '-'], input).out).toContain(`: should be ${says}\n`)
    expect(python(['tools/verify_draw.py', '-', '--lang', 'zh'], input).out).toContain(`: 应为${saysInChinese}\n`)
  })
})

describe('verify_draw.py on a proof of inclusion', () => {
  const [frozen, other] = example().freeze.groups
  const check = (proof: Json, root: string = frozen.root, count: number = frozen.count) => python(['tools/verify_draw.py', '--inclusion', '-', '--root', root, '--count', String(count)], JSON.stringify(proof))

  it('finds every line of the list in it, and shows it', () => {
    for (const { id } of example().groups[0].round.applicants) {
      const proof = inclusionsOf(example())(id)!
      const { code, out } = check(proof)
      expect(out).toBe(`${proof.line}\nIt is in the list.\n`)
      expect(code).toBe(0)
    }
  })

  it('ends with 1 for another line, place, path, root or count', () => {
    const { line, index, path } = inclusionsOf(example())('a4')!
    for (const wrong of [{ line: line.replace('s3', 's2') }, { index: index + 1 }, { index: index + 8 }, { path: path.slice(1) }, { path: [...path, path[0]] }]) expect(check({ line, index, path, ...wrong }).code).toBe(1)
    expect(check({ line, index, path }, other.root).code).toBe(1)
    const { code, out } = check({ line, index, path }, frozen.root, 3)
    expect(out).toContain('is not a line of the list with this root and count')
    expect(code).toBe(1)
  })

  it('ends with 2 for one that cannot be read, or without root and count', () => {
    expect(check({ line: 5, path: [] }).code).toBe(2)
    expect(check({ line: '', index: 0, path: [] }, 'AB').code).toBe(2)
    for (const args of [[], ['-', '--root', OTHER], ['--inclusion', '-', '--count', '3']]) expect(python(['tools/verify_draw.py', ...args]).code).toBe(2)
  })
})
