import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from './log.js'
import { createPoller, type Poller } from './poller.js'

const log = createLog({ name: 'test', level: 'silent' })

describe('a poller', () => {
  const running: Poller[] = []
  afterEach(async () => { for (const poller of running.splice(0)) await poller.stop() })

  const start = async (over: Partial<Parameters<typeof createPoller<number>>[0]>, queue: number[]) => {
    const poller = createPoller<number>({
      name: 'test', log, concurrency: 2, pollMs: 60_000,
      claim: async (limit) => queue.splice(0, limit),
      work: async () => undefined,
      ...over,
    })
    running.push(poller)
    await poller.start()
    return poller
  }

  it('works through all there is, never on more at once than it may', async () => {
    let underWay = 0
    let most = 0
    const done: number[] = []
    await start({
      work: async (item) => {
        most = Math.max(most, ++underWay)
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        done.push(item)
      },
    }, [1, 2, 3, 4, 5])
    await vi.waitFor(() => expect(done).toHaveLength(5))
    expect(most).toBe(2)
  })

  it('is woken by new work', async () => {
    const queue: number[] = []
    const done: number[] = []
    const poller = await start({ work: async (item) => { done.push(item) } }, queue)
    queue.push(7)
    poller.wake()
    await vi.waitFor(() => expect(done).toEqual([7]))
  })

  it('goes on after a piece of work or a look at the queue failed', async () => {
    const done: number[] = []
    let looks = 0
    const queue = [1, 2]
    await start({
      pollMs: 1,
      claim: async (limit) => {
        if (++looks === 1) throw new Error('the database is away')
        return queue.splice(0, limit)
      },
      work: async (item) => {
        done.push(item)
        throw new Error('no')
      },
    }, [])
    await vi.waitFor(() => expect(done).toEqual([1, 2]))
  })

  it('lets a slow piece hold its own place only', async () => {
    const done: number[] = []
    const poller = await start({
      work: (item, signal) => (item === 1
        ? new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
        : Promise.resolve().then(() => { done.push(item) })),
    }, [1, 2, 3, 4])
    await vi.waitFor(() => expect(done).toEqual([2, 3, 4]))
    await poller.stop()
  })
})
