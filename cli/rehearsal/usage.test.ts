import { expect, it } from 'vitest'
import { secondsOf } from './usage.js'

it('reads processor time as both kinds of ps write it', () => {
  expect(['00:01:05', '1-02:00:01', '3:07.50'].map(secondsOf)).toEqual([65, 93_601, 187.5])
})
