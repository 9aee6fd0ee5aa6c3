import type { EndState } from '../../contracts/enrollment.js'
import { each, type Stage } from './actors/stage.js'
import type { Family } from './families.js'
import type { Receipt } from './ledger.js'

/** What became of one family, read back from the public APIs and the actors' ledger. */
export interface Story {
  family: Family
  end?: EndState
  outcomes: Record<string, string>
  /** Every seat the child ever had. */
  seats: { basis: string; school: string }[]
  receipts: Receipt[]
}

/** Reads every family's story from the console. */
export async function readStories(stage: Stage): Promise<Story[]> {
  const token = await stage.identity.staff({ subject: 'desk-city', role: 'city' })
  const receipts = receiptsByChild(stage.ledger.receipts)
  const stories: Story[] = []
  await each(stage, stage.families, async (family) => {
    const child = family.child ?? ''
    const shown = child === '' ? undefined : await stage.apis.console.getChild({ token, params: { season: stage.season, child } })
    stories.push({
      family,
      ...(shown?.end && { end: shown.end }),
      ...readEvents(shown?.events ?? []),
      receipts: receipts.get(child) ?? [],
    })
  })
  return stories.sort((a, b) => a.family.index - b.family.index)
}

function receiptsByChild(receipts: readonly Receipt[]): Map<string, Receipt[]> {
  const byChild = new Map<string, Receipt[]>()
  for (const receipt of receipts) byChild.set(receipt.child, [...(byChild.get(receipt.child) ?? []), receipt])
  return byChild
}

function readEvents(events: { data: Record<string, unknown> }[]): Pick<Story, 'outcomes' | 'seats'> {
  const outcomes: Record<string, string> = {}
  const seats = new Map<string, { basis: string; school: string }>()
  for (const { data } of events) {
    Object.assign(outcomes, data['outcomes'])
    const snapshot = data['seats'] as { held: { basis: string; school: string }[]; taken?: { basis: string; school: string } } | undefined
    for (const seat of [...(snapshot?.held ?? []), ...(snapshot?.taken ? [snapshot.taken] : [])]) seats.set(`${seat.basis}/${seat.school}`, seat)
  }
  return { outcomes, seats: [...seats.values()] }
}
