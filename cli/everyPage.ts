/** All items of a list that comes in pages. */
export async function everyPage<T>(read: (from: { cursor?: string }) => Promise<{ items: readonly T[]; next?: string | undefined }>): Promise<T[]> {
  const all: T[] = []
  for (let from: { cursor?: string } | undefined = {}; from;) {
    const { items, next }: Awaited<ReturnType<typeof read>> = await read(from)
    all.push(...items)
    from = next === undefined ? undefined : { cursor: next }
  }
  return all
}
