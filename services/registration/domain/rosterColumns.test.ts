import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../../policies/load.js'
import { readHeader } from './rosterColumns.js'

const NEEDED = ['姓名', '身份证号', '监护人姓名', '监护人身份证号', '区']

describe('the header of a roster', () => {
  it('names a roster fact by its label or its id', async () => {
    const { timeline } = await loadPolicy('jiulongpo-2023-junior')
    expect(readHeader([...NEEDED, '九龙坡区户籍', '小学应届毕业生'], timeline)).toMatchObject({ facts: { local: 5, graduate: 6 } })
    expect(readHeader([...NEEDED, 'Local', 'graduate'], timeline)).toMatchObject({ facts: { local: 5, graduate: 6 } })
    expect(readHeader([...NEEDED, 'local', '九龙坡区户籍'], timeline)).toEqual({ faults: [{ at: 'row 1, column 7', message: 'a second column for local' }] })
  })
})
