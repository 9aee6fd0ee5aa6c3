import { describe, expect, it } from 'vitest'
import { combine } from './combine.js'

function recorder(refuse: (item: number) => boolean = () => false) {
  const runs: number[][] = []
  const handle = async (items: number[]) => {
    runs.push(items)
    await new Promise((resolve) => setImmediate(resolve))
    if (items.some(refuse)) throw new Error('poison')
  }
  return { runs, handle }
}

describe('combining', () => {
  it('carries out together what is handed in together, in its order', async () => {
    const { runs, handle } = recorder()
    const take = combine(handle, 100)
    await Promise.all([take([1, 2]), take([3]), take([4])])
    expect(runs).toEqual([[1, 2, 3, 4]])
  })

  it('gathers the next run while one is under way', async () => {
    const { runs, handle } = recorder()
    const take = combine(handle, 100)
    const first = take([1])
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([first, take([2]), take([3])])
    expect(runs).toEqual([[1], [2, 3]])
  })

  it('takes no more at once than allowed, but always one hand-in', async () => {
    const { runs, handle } = recorder()
    const take = combine(handle, 3)
    await Promise.all([take([1, 2]), take([3]), take([4]), take([5, 6, 7, 8])])
    expect(runs).toEqual([[1, 2, 3], [4], [5, 6, 7, 8]])
  })

  it('fails only the hand-in that fails alone', async () => {
    const { handle } = recorder((item) => item === 2)
    const take = combine(handle, 100)
    const results = await Promise.allSettled([take([1]), take([2]), take([3])])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('goes on after a failure', async () => {
    const { runs, handle } = recorder((item) => item === 1)
    const take = combine(handle, 100)
    await expect(take([1])).rejects.toThrow('poison')
    await take([2])
    expect(runs.at(-1)).toEqual([2])
  })
})
