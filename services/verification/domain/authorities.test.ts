import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import { refuseUnknownAuthorities } from './authorities.js'

describe('a policy', () => {
  it('is refused with the authorities it asks and nobody configured, each with its check', async () => {
    const { timeline } = await loadPolicy('jiulongpo-2023-primary')
    const refused = refuseUnknownAuthorities(timeline, ['police', 'property-registry'])
    expect(refused).toMatchObject({ type: 'unknown-authority', particulars: { unknown: [{ phase: 'records-check', authority: 'student-records' }, { phase: 'points-check', authority: 'hr-bureau' }] } })
    expect(refused?.detail).toContain('student-records, hr-bureau')
    expect(refuseUnknownAuthorities(timeline, ['police', 'property-registry', 'student-records', 'hr-bureau'])).toBeUndefined()
  })
})
