import type { DrandSource, DrawSource, DrawStepName, DrawTranscript, Implementation, RevealPart } from '../../../../contracts/draw.js'
import type { RoundFile } from '../../../../contracts/rounds.js'
import { sha256Hex } from '../../../../platform/crypto.js'
import { RECORDED_ROUNDS } from './beacon.fixture.js'
import { allocate } from '../rounds/engine/allocate.js'
import { check, commit, draw, freeze, publish, reveal, supplement, type Decide } from './ceremony.js'
import { DRAND_CHAINS } from './chains.js'
import { commitmentOf } from './witness.js'

/** Rounds in which classes, units, every kind of order and every mechanism occur. */
export const ROUNDS: RoundFile[] = [
  {
    format: 'ruxue.round.v1',
    id: 'east',
    mechanism: 'serial',
    schools: [{ id: 's2', plan: 2 }, { id: 's1', plan: 3 }, { id: 's3', plan: 4 }],
    applicants: [
      { id: 'a1', choices: ['s1', 's2'] },
      { id: 'a2', choices: ['s1', 's2', 's3'], unit: 'u1' },
      { id: 'a3', choices: ['s1', 's2', 's3'], unit: 'u1' },
      { id: 'a4', choices: ['s1', 's3'] },
      { id: 'a5', choices: ['s2', 's1'] },
      { id: 'a6', choices: ['s2'] },
      { id: 'a7', choices: ['s1', 's2', 's3'] },
      { id: 'a8', choices: ['s3'] },
      { id: 'a9', choices: [] },
    ],
    orders: { default: { kind: 'lottery' } },
    unitOverflow: 'skip',
  },
  {
    format: 'ruxue.round.v1',
    id: 'north',
    mechanism: 'deferred',
    schools: [{ id: 's4', plan: 3, classes: [{ id: 'contract', seats: 1 }, { id: 'special' }] }, { id: 's5', plan: 1 }, { id: 's6', plan: 1 }],
    applicants: [
      { id: 'b1', choices: ['s4', 's5'], class: 'contract', keys: { purchasedOn: '2019-03-01', points: 61 } },
      { id: 'b2', choices: ['s4', 's6'], class: 'special', keys: { purchasedOn: '2021-07-15', points: 40 } },
      { id: 'b3', choices: ['s5', 's4'], keys: { purchasedOn: '2018-01-09', points: 75 } },
      { id: 'b4', choices: ['s4', 's5', 's6'], unit: 'u2', keys: { purchasedOn: '2020-05-20', points: 61, registeredAt: 2 } },
      { id: 'b5', choices: ['s4', 's5', 's6'], unit: 'u2', keys: { purchasedOn: '2020-05-20', points: 61, registeredAt: 1 } },
      { id: 'b6', choices: ['s6', 's5', 's4'], keys: { purchasedOn: '2020-05-20', points: 61 } },
    ],
    orders: {
      default: { kind: 'ranked', by: [{ key: 'purchasedOn', direction: 'asc' }, { key: 'points', direction: 'desc' }] },
      s5: { kind: 'listed', ids: ['b6', 'b5', 'b3', 'b1', 'b4'] },
      s6: { kind: 'lottery' },
    },
    unitOverflow: 'split',
  },
  {
    format: 'ruxue.round.v1',
    id: 'west',
    mechanism: 'immediate',
    schools: [{ id: 's7', plan: 1 }, { id: 's8', plan: 1 }],
    applicants: [
      { id: 'c1', choices: ['s7', 's8'] },
      { id: 'c2', choices: ['s7'] },
      { id: 'c3', choices: ['s8', 's7'] },
    ],
    orders: { default: { kind: 'lottery' } },
  },
]

const RULE = `Places are given by lot, as docs/rounds.md says, from a seed that nobody can choose, as docs/draw.md says.
Whoever has not revealed by the instant named is absent; the draw goes on if at least two witnesses have revealed.
先公布名单，后公布随机数，公证处等见证人到场。
`

const WITNESSES = ['公证处', '家长代表', '纪检组']

const { chain, publicKey, scheme } = DRAND_CHAINS.quicknet
const { chain: _, ...BEACON } = RECORDED_ROUNDS.find((one) => one.chain === 'quicknet' && one.round === 1_000)!
export const DRAND_SOURCE: DrandSource = { kind: 'drand', chain, publicKey, scheme, round: BEACON.round }

const ENGINE = { name: 'ruxue', version: '0.1.0' }
const SECOND = { name: 'verify_draw.py', version: '1' }

/** Made up, and the same each time; a secret of a real draw is random. */
export const madeUpSecret = (witness: string): string => sha256Hex(`made up for an example: ${witness}`)

/** What is otherwise in a draw than in the example; every hash is of what is there then. */
export interface Otherwise {
  at?: Partial<Record<DrawStepName | 'revealBy', string>>
  rounds?: readonly RoundFile[]
  /** By witness: the instant at which it reveals, or `absent`. */
  witnesses?: Record<string, string>
  sources?: (sources: readonly DrawSource[]) => DrawSource[]
  least?: number
  by?: Implementation[]
  /** By group that is decided wrongly, and so held back. */
  alarms?: Record<string, string>
}

/** A fault in the program that decides: it takes the highest ticket for the best. */
export const decideUpsideDown: Decide = (round, ticketOf) => allocate(round, (unit) => ticketOf(unit).replaceAll(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)))

/**
 * A whole draw on the day of the drand round that it names: three groups, of which one is decided wrongly and held back,
 * three witnesses of whom one stays away, and drand.
 */
export function exampleDraw({ at = {}, rounds = ROUNDS, witnesses = {}, sources = (all) => [...all], least = 2, by = [ENGINE, SECOND], alarms = ALARMS }: Otherwise = {}): DrawTranscript {
  const frozen = freeze({ at: at.freeze ?? '2023-08-23T10:00:00.000Z', draw: 'example-2023', run: 1, rule: RULE, rounds })
  const named = sources([
    ...WITNESSES.map((name) => ({ kind: 'witness' as const, name, commitment: commitmentOf(frozen.freeze.hash, name, madeUpSecret(name)) })),
    DRAND_SOURCE,
  ])
  const revealBy = named.some(({ kind }) => kind === 'witness') && { revealBy: at.revealBy ?? '2023-08-23T15:30:00.000Z', least }
  const committed = commit(frozen, { at: at.commit ?? '2023-08-23T11:00:00.000Z', engine: ENGINE, sources: named, ...revealBy })
  const revealedAt: Record<string, string> = { 公证处: '2023-08-23T15:00:00.000Z', 家长代表: 'absent', 纪检组: '2023-08-23T15:29:59.999Z', ...witnesses }
  const revealed = reveal(committed, { at: at.reveal ?? '2023-08-23T16:00:00.000Z', parts: named.map((source) => partOf(source, revealedAt)) })
  const decide: Decide = (round, ticketOf) => (Object.hasOwn(alarms, round.id) ? decideUpsideDown : allocate)(round, ticketOf)
  const drawn = draw(revealed, { at: at.draw ?? '2023-08-23T16:00:01.000Z' }, decide)
  const checked = check(drawn, { at: at.check ?? '2023-08-23T16:00:05.000Z', by, alarms: new Map(Object.entries(alarms)) })
  return publish(checked, { at: at.publish ?? '2023-08-23T18:00:00.000Z' })
}

/** The example with its supplement on the next day: the fault is mended, and the group that was held back goes out. */
export function exampleSupplement(): DrawTranscript {
  const again = supplement(exampleDraw(), { at: '2023-08-24T09:00:00.000Z' })
  return publish(check(again, { at: '2023-08-24T09:00:04.000Z', by: [ENGINE, { ...SECOND, version: '2' }], alarms: new Map() }), { at: '2023-08-24T10:00:00.000Z' })
}

/** What the second program says of that. */
const ALARMS = {
  west: [
    '/draw/groups/2/result is not what is computed: 3fc2bcb5f58b16aefd078d5ad5031dbc9ce265a5bde228f9f2255feab12aea78',
    '/groups/2/result/assignments/0/choice is not what is computed: null',
    '/groups/2/result/assignments/0/reason is not what is computed: no-seat',
    '/groups/2/result/assignments/0/school is not what is computed: null',
    '/groups/2/result/assignments/1/choice is not what is computed: 1',
    '/groups/2/result/assignments/1/reason is not what is computed: better-claim',
    '/groups/2/result/assignments/1/school is not what is computed: s7',
    '/groups/2/result/assignments/2/reason is not what is computed: better-claim',
    '/groups/2/result/reserves/s7/0 is not what is computed: c1',
    '/groups/2/result/reserves/s8 is not what is computed: ["c1"]',
  ].map((what) => `verify_draw.py: draw ${what}`).join('\n'),
}

function partOf(source: DrawSource, revealedAt: Record<string, string>): RevealPart {
  if (source.kind === 'drand') return { kind: 'drand', ...BEACON }
  const at = revealedAt[source.name]!
  return at === 'absent' ? { kind: 'witness', name: source.name, absent: true } : { kind: 'witness', name: source.name, at, secret: madeUpSecret(source.name) }
}
