import { describe, expect, it } from 'vitest'
import { drawFile } from '../../../../contracts/files/draw.js'
import type { DrawTranscript } from '../../../../contracts/draw.js'
import { allocate } from '../rounds/engine/allocate.js'
import { draw, publish, supplement } from './ceremony.js'
import { exampleDraw, exampleSupplement, ROUNDS } from './draw.fixture.js'
import { verifyDraw } from './verify/verify.js'

const example = exampleDraw()
const seedsOf = ({ draw: drawn }: DrawTranscript) => drawn!.groups.map(({ seed }) => seed)

describe('the ceremony', () => {
  it('writes the transcript that stands in docs/examples', async () => {
    await expect(`${JSON.stringify(example, null, 2)}\n`).toMatchFileSnapshot('../../../../docs/examples/draw.json')
  })

  it('writes transcripts of the published form, and such as agree, after each of its steps', () => {
    const { format, rule, freeze, commit, reveal, ...rest } = example
    const groups = rest.groups.map(({ round, entries }) => ({ round, entries: entries.map(({ unit, leaf }) => ({ unit, leaf })) }))
    const before = [{ format, rule, groups, freeze }, { format, rule, groups, freeze, commit }, { format, rule, groups, freeze, commit, reveal }]
    for (const transcript of [...before, example]) {
      expect(drawFile.parse(transcript)).toEqual(transcript)
      expect(verifyDraw(transcript).findings).toEqual([])
    }
    expect(publish({ ...draw(before[2]!, { at: example.draw!.at }), check: example.check }, { at: example.publish!.at }).publish).toEqual(example.publish)
  })

  it('gives the result of the round with the seed drawn for it', () => {
    for (const [index, { round, result }] of example.groups.entries()) {
      if (result) expect(result).toEqual(allocate({ ...round, seed: seedsOf(example)[index]! }))
    }
  })

  it('draws the same whatever the order of the file', () => {
    const turned = ROUNDS.map((round) => ({ ...round, schools: round.schools.toReversed(), applicants: round.applicants.toReversed() }))
    expect(exampleDraw({ rounds: turned })).toEqual(example)
  })

  it('draws another seed for each group, and others for another list, commit, secret or absence', () => {
    const other = [
      exampleDraw({ rounds: ROUNDS.map((round) => ({ ...round, applicants: round.applicants.with(0, { ...round.applicants[0]!, choices: [] }) })) }),
      exampleDraw({ at: { commit: '2023-08-23T11:00:00.001Z' } }),
      exampleDraw({ witnesses: { 家长代表: '2023-08-23T15:00:00.000Z' } }),
      exampleDraw({ witnesses: { 公证处: 'absent' }, least: 1 }),
      exampleDraw({ sources: ([notary, ...others]) => [...others, notary!] }),
      exampleDraw({ sources: (all) => all.slice(0, 3) }),
    ]
    const seeds = [example, ...other].flatMap(seedsOf)
    expect(new Set(seeds).size).toBe(seeds.length)
  })

  it('draws the same whenever a witness reveals in time', () => {
    expect(seedsOf(exampleDraw({ witnesses: { 公证处: '2023-08-23T12:00:00.000Z' }, at: { reveal: '2023-08-23T17:00:00.000Z', draw: '2023-08-23T17:00:00.000Z', check: '2023-08-23T17:00:00.000Z' } }))).toEqual(seedsOf(example))
  })

  it('holds a group back that did not agree, and lets the others out', () => {
    expect(example.groups.map(({ result }) => result !== undefined)).toEqual([true, true, false])
    expect(verifyDraw(example).groups).toEqual([{ id: 'east', agreed: true, held: false }, { id: 'north', agreed: true, held: false }, { id: 'west', agreed: true, held: true, confirmed: false }])
  })

  it('lets a group that was held back out in a supplement, which follows the publication and changes nothing of it', async () => {
    const { draw: again, check: _check, publish: _publish, groups, ...frozen } = exampleSupplement()
    const { draw: drawn, check: _checked, publish: published, groups: before, ...same } = example
    expect(verifyDraw(exampleSupplement())).toMatchObject({ agreed: true, findings: [], groups: [{ held: false }, { held: false }, { held: false }] })
    expect(frozen).toEqual(same)
    expect(again!.after).toBe(published!.hash)
    expect(again!.groups.slice(0, 2)).toEqual(drawn!.groups.slice(0, 2))
    expect(again!.groups[2]).toMatchObject({ seed: drawn!.groups[2]!.seed, result: exampleDraw({ alarms: {} }).draw!.groups[2]!.result })
    expect(again!.groups[2]!.result).not.toBe(drawn!.groups[2]!.result)
    expect(groups.slice(0, 2)).toEqual(before.slice(0, 2))
    expect(groups[2]).toMatchObject({ entries: before[2]!.entries, result: { round: 'west' } })
    await expect(`${JSON.stringify(exampleSupplement(), null, 2)}\n`).toMatchFileSnapshot('../../../../docs/examples/draw-supplement.json')
  })

  it('keeps the results that are out, though the engine would decide otherwise by now', () => {
    const again = supplement(example, { at: '2023-08-24T09:00:00.000Z' }, (round) => ({ ...allocate(round), assignments: [] }))
    expect(again.groups.map(({ result }) => result!.assignments.length > 0)).toEqual([true, true, false])
  })
})
