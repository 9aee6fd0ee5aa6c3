import { InvalidArgumentError } from 'commander'

/** Parser of a comma-separated option whose items must be among `allowed`. */
export const listOf = <T extends string>(allowed: readonly T[]) => (text: string): T[] => {
  const items = text.split(',').map((item) => item.trim())
  const wrong = items.filter((item) => !(allowed as readonly string[]).includes(item))
  if (wrong.length > 0) throw new InvalidArgumentError(`${wrong.join(', ')}: choose from ${allowed.join(', ')}`)
  return items as T[]
}
