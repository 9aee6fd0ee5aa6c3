import { describe, expect, it } from 'vitest'
import { createPace } from './pace.js'

describe('the pace of starts', () => {
  it('lets through at most so many a second, in their order', async () => {
    let now = 0
    const waits: number[] = []
    const pace = createPace(10, () => now, async (ms) => { waits.push(ms) })
    for (let turn = 0; turn < 4; turn += 1) await pace.turn()
    expect(waits).toEqual([100, 200, 300])
    now = 10_000
    await pace.turn()
    expect(waits).toHaveLength(3)
  })
})
