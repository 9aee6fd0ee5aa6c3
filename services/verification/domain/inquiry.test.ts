import { beforeAll, describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import { phaseById, type Timeline, type TimelinePhaseOf } from '../../../policies/timeline.js'
import { inquiryOf, type Person } from './inquiry.js'

const home = { district: 'd1', street: '东街', number: 7, room: '' }
const flat = { ...home, number: 9 }
const person = {
  child: `c${'a'.repeat(25)}`, name: '安宁', idNumber: '1', guardianName: '安明', guardianIdNumber: '2', phone: '139',
  answers: { 'household.address': home, 'household.head': 'parent', 'property.address': flat, disability: 'none' },
} satisfies Person

describe('an inquiry', () => {
  let timeline: Timeline
  beforeAll(async () => { timeline = (await loadPolicy('jiulongpo-2023-primary')).timeline })
  const about = (check: string) => inquiryOf(timeline, 'r', (phaseById(timeline, check) as TimelinePhaseOf<'check'>).answers, person)

  it('tells who is meant, the facts of the check with their types, and what the family declared of them', () => {
    expect(about('police-check')).toEqual({
      reference: 'r', child: { name: '安宁', idNumber: '1' }, guardian: { name: '安明', idNumber: '2' },
      addresses: { 'household.address': home },
      facts: [
        { fact: 'household.address', type: 'address' }, { fact: 'household.since', type: 'date' },
        { fact: 'household.head', type: 'one-of', of: ['parent', 'grandparent', 'other'], declared: 'parent' }, { fact: 'household.since-birth', type: 'yes-no' },
      ],
    })
  })

  it('tells every declared address where none is asked about', () => {
    expect(about('records-check').addresses).toEqual({ 'household.address': home, 'property.address': flat })
  })
})
