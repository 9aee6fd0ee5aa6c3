interface Waiting<T> {
  items: T[]
  resolve(): void
  reject(error: unknown): void
}

/**
 * Carries out what is handed in at the same time as one: a transaction costs as much as dozens of events in it, and
 * a quiet season's partitions have one or two events each. While one run is under way, the next gathers.
 * @param handle all or nothing
 * @param most items a run
 * @returns settles as if its items alone had been handled: if a joint run fails, each is tried alone
 */
export function combine<T>(handle: (items: T[]) => Promise<void>, most: number): (items: T[]) => Promise<void> {
  let waiting: Waiting<T>[] = []
  let running = false
  const run = async () => {
    running = true
    while (waiting.length > 0) {
      const joint = takeSome(waiting, most)
      waiting = waiting.slice(joint.length)
      await settle(joint, handle)
    }
    running = false
  }
  return (items) =>
    new Promise((resolve, reject) => {
      waiting.push({ items, resolve, reject })
      // The other partitions of the same answer of the broker are handed in before this turn of the loop ends.
      if (!running) {
        running = true
        setImmediate(() => void run())
      }
    })
}

function takeSome<T>(waiting: readonly Waiting<T>[], most: number): Waiting<T>[] {
  let count = 0
  const end = waiting.findIndex(({ items }, at) => (count += items.length) > most && at > 0)
  return end < 0 ? [...waiting] : waiting.slice(0, end)
}

async function settle<T>(joint: readonly Waiting<T>[], handle: (items: T[]) => Promise<void>): Promise<void> {
  try {
    await handle(joint.flatMap(({ items }) => items))
    for (const { resolve } of joint) resolve()
  } catch (error) {
    if (joint.length === 1) return joint[0]!.reject(error)
    for (const one of joint) await settle([one], handle)
  }
}
