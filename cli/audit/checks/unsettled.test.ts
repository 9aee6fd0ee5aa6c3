import { beforeAll, describe, expect, it } from 'vitest'
import type { EndState } from '../../../contracts/enrollment.js'
import { told } from '../../../policies/jiulongpo.fixture.js'
import type { KnowableFact } from '../../../policies/knowledge.js'
import { loadPolicy } from '../../../policies/load.js'
import { phaseById, type Timeline } from '../../../policies/timeline.js'
import { unsettledFault } from './unsettled.js'

let timeline: Timeline
beforeAll(async () => { timeline = (await loadPolicy('jiulongpo-2023-primary')).timeline })

const LOCAL = told.roster({ local: true })
const MIGRANT = told.roster({ local: false })
const ended = (phase: string, reason: string): EndState => ({ kind: 'ended', phase, reason })
const forgotten = ended('arrangement', 'season-closed-without-seat')
const byClosing = (phase: string): EndState => {
  const closing = phaseById(timeline, phase)
  return ended(phase, closing.kind === 'closing' ? closing.ends : '')
}

/** What the audit says of an end, with these facts told when the season opened and every phase closed in time. */
function fault(end: EndState, facts: KnowableFact[], { desks = [] as string[], endedIn = timeline.closesAt } = {}): string | undefined {
  return unsettledFault(timeline, 'c', end, {
    told: new Map([['c', facts.map((fact) => ({ at: timeline.opensAt, fact: { season: 's', child: 'c', ...fact } }))]]),
    closedAt: new Map(timeline.phases.map(({ id, closesAt }) => [id, closesAt])),
    endedAt: new Map([['c', endedIn]]),
    desks: new Map([['c', new Set(desks)]]),
  })
}

describe('an end without a seat', () => {
  it('is as the policy says where the closing phase asked the child', () => {
    expect(fault(byClosing('no-application-by-migrant'), [MIGRANT])).toBeUndefined()
    expect(fault(ended('arrangement', 'in another district'), [LOCAL])).toBeUndefined()
    expect(fault({ kind: 'withdrawn', reason: 'moved-away' }, [LOCAL])).toBeUndefined()
  })

  it('is found where the closing phase did not ask the child, or not yet', () => {
    expect(fault(byClosing('no-application-by-migrant'), [LOCAL])).toBe('ended by no-application-by-migrant, which did not ask it')
    expect(fault(byClosing('waived-by-migrant'), [MIGRANT])).toBe('ended by waived-by-migrant, which did not ask it')
    const early = phaseById(timeline, 'purchase-application').opensAt
    expect(fault(byClosing('no-application-by-migrant'), [MIGRANT], { endedIn: early })).toBe('ended by no-application-by-migrant before its time')
  })

  it('is found where a desk or a closing phase should have had the child, and had not', () => {
    expect(fault(forgotten, [LOCAL])).toBe('ended season-closed-without-seat, and arrangement should have had it')
    expect(fault(forgotten, [MIGRANT])).toMatch(/^ended season-closed-without-seat, and \S+-by-migrant should have had it$/)
  })

  it('is found where the desk that had the child is to end every case', () => {
    expect(fault(forgotten, [LOCAL], { desks: ['arrangement'] })).toBe('ended season-closed-without-seat: left undecided by arrangement, which is to end every case')
  })

  it('is nobody’s fault where no desk and no closing phase asks the child', () => {
    expect(fault(forgotten, [MIGRANT, { aggregate: 'withdrawal', id: 'withdrawal', revision: 1 }])).toBeUndefined()
  })
})
