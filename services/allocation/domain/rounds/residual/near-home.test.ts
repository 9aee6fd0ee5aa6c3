import { describe, expect, it } from 'vitest'
import { proposalsFile, residualFile } from '../../../../../contracts/files/residual.js'
import type { DrawRound } from '../../../../../contracts/draw.js'
import { SEED } from '../engine/round.fixture.js'
import { decideResidual, residualFileOf } from './near-home.js'

const ROUND: DrawRound = {
  format: 'ruxue.round.v1', id: 'r1', mechanism: 'serial', schools: [{ id: 's1', plan: 1 }, { id: 's2', plan: 1 }], orders: { default: { kind: 'lottery' } },
  applicants: [{ id: 'a', choices: [], keys: { x: 300, y: 400 } }, { id: 'b', choices: [] }, { id: 'c', choices: [], keys: { x: -3, y: 4 } }],
}

describe('the files of a residual round', () => {
  it('are of their published form, with and without locations and places', () => {
    const round = residualFileOf(ROUND, new Map([['s1', { x: 0, y: 0 }]]), SEED)
    expect(residualFile.parse(round)).toEqual(round)
    expect(round.children).toContainEqual({ id: 'b' })
    const { file } = decideResidual(round)
    expect(proposalsFile.parse(file)).toEqual(file)
    expect(file.proposals.map(({ school }) => school)).toContain(null)
  })

  it('have no other members, and whole metres', () => {
    const round = residualFileOf(ROUND, new Map(), SEED)
    expect(residualFile.safeParse({ ...round, rule: 'any' }).success).toBe(false)
    expect(residualFile.safeParse({ ...round, schools: [{ id: 's1', seats: 1, location: { x: 0.5, y: 0 } }] }).success).toBe(false)
  })
})
