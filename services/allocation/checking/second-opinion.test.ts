import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { DrawTranscript } from '../../../contracts/draw.js'
import { draw } from '../domain/draw/ceremony.js'
import { decideUpsideDown, exampleDraw, ROUNDS } from '../domain/draw/draw.fixture.js'
import { allocate } from '../domain/rounds/engine/allocate.js'
import { secondOpinionBy, VERIFIER } from './second-opinion.js'

/** As far as the draw, of which all groups have their results. */
const drawn: DrawTranscript = { ...exampleDraw({ alarms: {} }), check: undefined, publish: undefined }
const python = secondOpinionBy(`python3 ${VERIFIER}`, 60_000)

describe('a second opinion', () => {
  it('is asked of the Python program, which confirms a draw and is named by its hash', async () => {
    const { by, wrong } = await python(drawn)
    expect(by).toEqual({ name: 'verify_draw.py', version: expect.stringMatching(/^[0-9a-f]{16}$/) })
    expect([...wrong]).toEqual([])
  })

  it('says which group it does not confirm, and what is wrong there', async () => {
    const changed = structuredClone(drawn)
    changed.groups[1]!.result!.assignments[0]!.school = null
    const { wrong } = await python(changed)
    expect([...wrong.keys()]).toEqual(['north'])
    expect(wrong.get('north')).toContainEqual(expect.stringContaining('/groups/1/result'))
  })

  it('of a group that was decided wrongly is the alarm with which the example holds it back', async () => {
    const { check: held, publish: _, ...example } = exampleDraw()
    const upsideDown = draw(example, { at: example.draw!.at }, (round, ticketOf) => (round.id === 'west' ? decideUpsideDown : allocate)(round, ticketOf))
    expect(upsideDown.draw).toEqual(example.draw)
    const { by, wrong } = await python(upsideDown)
    expect([...wrong.keys()]).toEqual(['west'])
    expect(held!.groups[2]).toMatchObject({ agreed: false, alarm: wrong.get('west')!.map((what) => `${by.name}: ${what}`).join('\n') })
  })

  it('of a group has nothing of another whose number begins with the same digits', async () => {
    const rounds = Array.from({ length: 12 }, (_, index) => ({ ...ROUNDS[2]!, id: `g${String(index).padStart(2, '0')}` }))
    const changed = structuredClone({ ...exampleDraw({ rounds, alarms: {} }), check: undefined, publish: undefined })
    for (const index of [1, 10]) changed.groups[index]!.result!.assignments[0]!.choice = 2
    const { wrong } = await python(changed)
    expect([...wrong.keys()]).toEqual(['g01', 'g10'])
    expect(wrong.get('g01')).toEqual([expect.stringContaining('/groups/1/result/assignments/0/choice')])
    expect(wrong.get('g10')).toEqual([expect.stringContaining('/groups/10/result/assignments/0/choice')])
  })

  it('of something that is no group’s holds back them all', async () => {
    const changed = structuredClone(drawn)
    changed.rule += 'Changed.'
    expect([...(await python(changed)).wrong.keys()]).toEqual(['east', 'north', 'west'])
  })

  it('is missing where the program fails or takes too long', async () => {
    await expect(secondOpinionBy('python3 tools/verify_draw.py nothing.json --json', 60_000)(drawn)).rejects.toThrow('ended with 2')
    await expect(secondOpinionBy(`node ${fileURLToPath(new URL('silent.fixture.mjs', import.meta.url))}`, 300)(drawn)).rejects.toThrow('SIGTERM')
  })
})
