import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DrawTranscript } from '../../contracts/draw.js'
import { inclusionsOf } from '../../services/allocation/domain/draw/inclusion.js'
import { isIncluded, leafOf } from '../../services/allocation/domain/draw/merkle.js'
import { FINDINGS } from '../../services/allocation/domain/draw/verify/finding.js'
import type { Verdict } from '../../services/allocation/domain/draw/verify/verify.js'
import type { UnitInDraw } from '../../services/allocation/domain/draw/verify/child.js'
import { en } from '../verify/en.js'
import { zh } from '../verify/zh.js'
import { useCommand } from './command.fixture.js'
import { verifyCommand } from './verify.js'

const EXAMPLE = new URL('../../docs/examples/draw.json', import.meta.url)

const { told, run: command } = useCommand(verifyCommand)
let example: DrawTranscript
beforeEach(async () => {
  example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as DrawTranscript
})

async function run(content: unknown, ...args: string[]): Promise<number | string | undefined> {
  const file = join(told.dir, 'draw.json')
  await writeFile(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
  return command(file, ...args)
}

describe('ruxue verify', () => {
  it('explains every step and ends with 0 where everything agrees', async () => {
    expect(await run(example)).toBe(0)
    for (const { name, again } of Object.values(en.steps)) expect(told.out).toMatch(new RegExp(`${name}  2023-08-23T[^]*✓ ${again}`))
    expect(told.out).toContain('家长代表 did not reveal')
    expect(told.out).toContain('west is held back: verify_draw.py: draw /draw/groups/2/result is not what is computed')
    expect(told.out).toContain('What was decided of it then is another result than what the rule gives here')
    expect(told.out).toContain('Published: east, north')
    expect(told.out.trimEnd()).toMatch(new RegExp(`${example.publish!.hash}; compare it with the one that was published.$`))
  })

  it('explains it in Chinese', async () => {
    expect(await run(example, '--lang', 'zh')).toBe(0)
    for (const { name, again } of Object.values(zh.steps)) expect(told.out).toMatch(new RegExp(`${name}  2023-08-23T[^]*✓ ${again}`))
    expect(told.out.replaceAll(example.groups.map(({ round }) => round.id).join('|'), '')).not.toContain('published')
  })

  it('says how far a transcript goes', async () => {
    const { format, rule, freeze } = example
    const groups = example.groups.map(({ round, entries }) => ({ round, entries: entries.map(({ unit, leaf }) => ({ unit, leaf })) }))
    expect(await run({ format, rule, groups, freeze }, '--child', 'a2')).toBe(0)
    expect(told.out.match(/Has not happened yet/g)).toHaveLength(5)
    expect(told.out).toContain('The draw has not been held yet.')
  })

  it('says where a transcript does not agree, at which step and what is expected, and ends with 1', async () => {
    example.groups[0]!.entries[3]!.ticket = '00'.repeat(32)
    const drawn = example.draw!.groups[0]!.seed
    expect(await run(example)).toBe(1)
    expect(told.out).toMatch(/4\. Draw[^]*✗ \/groups\/0\/entries\/3\/ticket\n +This is not the ticket that the seed gives the unit.\n +computed [0-9a-f]{64}\n +found 0{64}[^]*5\. Check/)
    expect(told.out).toContain('does not agree: 1 finding.')
    expect(drawn).toHaveLength(64)
  })

  it('gives the verdict as JSON', async () => {
    example.freeze.at = '2023-08-23T10:00:00.001Z'
    expect(await run(example, '--json')).toBe(1)
    const { agreed, groups, findings } = JSON.parse(told.out) as Verdict
    expect({ agreed, groups, findings }).toMatchObject({
      agreed: false,
      groups: [{ id: 'east', agreed: true }, { id: 'north', agreed: true }, { id: 'west', agreed: true, held: true, confirmed: false }],
      findings: [{ step: 'freeze', at: '/freeze', what: 'step-changed' }],
    })
  })

  it.each([
    ['is no JSON', '{', ''],
    ['is something else', { format: 'ruxue.round.v1' }, '/format'],
    ['has no text but a number', (transcript: DrawTranscript) => ({ ...transcript, rule: 5 }), '/rule'],
    ['has upper-case hexadecimal', (transcript: DrawTranscript) => ({ ...transcript, freeze: { ...transcript.freeze, hash: 'AB'.repeat(32) } }), '/freeze/hash'],
    ['has a day that does not exist', (transcript: DrawTranscript) => ({ ...transcript, freeze: { ...transcript.freeze, at: '2023-02-29T10:00:00.000Z' } }), '/freeze/at'],
  ])('ends with 2 for a file that %s', async (_, content, at) => {
    expect(await run(typeof content === 'function' ? content(example) : content, '--json')).toBe(2)
    const { agreed, findings } = JSON.parse(told.out) as { agreed: boolean; findings: { step: string; at: string }[] }
    expect(agreed).toBe(false)
    expect(findings).toContainEqual(expect.objectContaining({ step: 'file', at }))
  })

  it('ends with 2 for a file that is not there', async () => {
    expect(await command(join(told.dir, 'none.json'))).toBe(2)
    expect(told.out).toContain('none.json cannot be read as docs/draw.md says.')
    expect(told.out).toContain('There is no such file')
  })

  it.each([
    ['is not UTF-8', Buffer.from('{"format":"摇号"}').subarray(0, 12), '文件不是 UTF-8 编码'],
    ['begins with a byte order mark', '\uFEFF{}', '文件以字节顺序标记（BOM）开头'],
    ['is UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), '文件以字节顺序标记（BOM）开头'],
    ['is no JSON', '{', '文件不是 JSON'],
    ['has a member missing', '{}', '/freeze: 缺少此项'],
    ['has a member too many', '{ "colour": "red" }', '/colour: 多余的一项'],
    ['has a value of another form', '{ "rule": 5 }', '/rule: 不符合格式'],
  ])('says in Chinese that a file %s, and ends with 2', async (_what, content, says) => {
    expect(await run(content, '--lang', 'zh')).toBe(2)
    expect(told.out).toContain(says)
    expect(told.out).not.toMatch(/expected|Invalid|Unexpected|Unknown/)
  })

  it('counts findings that it does not tell one by one', async () => {
    for (const entry of example.groups[0]!.entries) entry.ticket = '00'.repeat(32)
    expect(await run(example)).toBe(1)
    expect(example.groups[0]!.entries).toHaveLength(8)
    expect(told.out).toContain('and 3 more of this kind in the group')
    expect(told.out).toContain('does not agree: 8 findings.')
  })

  it.each([[[]], [['--lang', 'fr']], [['a.json', '--root', '00'.repeat(32)]], [['--inclusion', 'a.json', '--count', '3']], [['--inclusion', 'a.json', '--root', 'AB', '--count', '3']]])('ends with 2 where it is not used as it says: %j', async (args) => {
    expect(await command(...args)).toBe(2)
  })

  describe('of a proof of inclusion', () => {
    const frozen = () => example.freeze.groups[0]!
    const proofOf = (child: string) => inclusionsOf(example)(child)!
    const published = (root = frozen().root, count = frozen().count) => ['--root', root, '--count', String(count)]
    async function verify(proof: unknown, ...args: string[]): Promise<number | string | undefined> {
      const file = join(told.dir, 'proof.json')
      await writeFile(file, JSON.stringify(proof))
      return command('--inclusion', file, ...args)
    }

    it('says that the line is in the list published, and shows it', async () => {
      expect(await verify(proofOf('a2'), ...published())).toBe(0)
      expect(told.out).toContain('["u1",[{"choices":["s1","s2","s3"],"id":"a2","unit":"u1"}')
      expect(told.out).toContain('It is line 8 of 8.')
    })

    it('ends with 1 for another line, place, path, root or count', async () => {
      const { line, index, path } = proofOf('a4')
      for (const other of [{ line: line.replace('s3', 's2') }, { index: index + 1 }, { path: path.slice(1) }, { path: [...path, path[0]] }]) expect(await verify({ line, index, path, ...other }, ...published())).toBe(1)
      expect(await verify({ line, index, path }, ...published(example.freeze.groups[1]!.root))).toBe(1)
      expect(await verify({ line, index, path }, ...published(frozen().root, 3))).toBe(1)
      expect(told.out).toContain('This line is in no list with this root and count')
    })

    it('ends with 2 for one that cannot be read', async () => {
      expect(await verify({ line: 5, path: [] }, ...published(), '--json')).toBe(2)
      expect(JSON.parse(told.out)).toMatchObject({ agreed: false, findings: [{ step: 'file', at: '/line' }, { step: 'file', at: '/index' }] })
    })
  })

  it('shows a family its line, that it was in the list, and why the child has its place', async () => {
    expect(await run(example, '--child', 'a3')).toBe(0)
    const { ticket } = example.groups[0]!.entries.find(({ unit }) => unit === 'u1')!
    expect(told.out).toContain('["u1",[{"choices":["s1","s2","s3"],"id":"a2","unit":"u1"},{"choices":["s1","s2","s3"],"id":"a3","unit":"u1"}]]')
    expect(told.out).toContain(`Its ticket is ${ticket}, number `)
    for (const child of ['a2', 'a3']) expect(told.out).toMatch(new RegExp(`${child} has (no place|a place at s\\d, choice \\d)\\. \\w`))
  })

  it('gives the proof of inclusion as JSON, and it holds', async () => {
    expect(await run(example, '--child', 'u1', '--json')).toBe(0)
    const { units: [{ line, index, count, path, root } = never()] } = JSON.parse(told.out) as { units: UnitInDraw[] }
    expect(isIncluded({ leaf: leafOf(line), index, count, path, root })).toBe(true)
    expect(root).toBe(example.freeze.groups[0]!.root)
  })

  it('says that a group is held back, and ends with 1 for a child that is in no list', async () => {
    expect(await run(example, '--child', 'c1')).toBe(0)
    expect(told.out).toContain('The group is held back')
    expect(await run(example, '--child', 'nobody')).toBe(1)
    expect(told.out).toContain('nobody is in no list of this draw.')
  })

  it('has words for every finding in both languages', () => {
    for (const words of [en, zh]) for (const kind of FINDINGS) expect(words.finding[kind]).toMatch(/\S/)
  })
})

function never(): never {
  throw new Error('The unit is in the draw')
}
