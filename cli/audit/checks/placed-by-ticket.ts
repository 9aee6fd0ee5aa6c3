/**
 * The children who have a seat if the better ticket comes first and nobody is left out for whom there is room when
 * others move: each in turn finds a free seat, by way of schools whose children may go on to others (Kuhn 1955).
 * @param children the better ticket first
 * @param may true if a school is for a child
 */
export function placedByTicket(children: readonly string[], schools: readonly { id: string; seats: number }[], may: (child: string, school: string) => boolean): Set<string> {
  const seats = new Map(schools.map(({ id, seats: count }) => [id, count]))
  const at = new Map(schools.map(({ id }) => [id, new Set<string>()]))
  for (const child of children) seat(child, new Set(seats.keys()))
  return new Set([...at.values()].flatMap((placed) => [...placed]))

  /** @param unseen schools not yet looked at for the child whose turn it is */
  function seat(child: string, unseen: Set<string>): boolean {
    const open = [...unseen].filter((school) => may(child, school))
    for (const school of open) unseen.delete(school)
    const found = open.find((school) => at.get(school)!.size < seats.get(school)! || makesRoom(school, unseen))
    if (found !== undefined) at.get(found)!.add(child)
    return found !== undefined
  }

  function makesRoom(school: string, unseen: Set<string>): boolean {
    for (const placed of at.get(school)!) {
      if (unseen.size === 0) return false
      if (!seat(placed, unseen)) continue
      at.get(school)!.delete(placed)
      return true
    }
    return false
  }
}
