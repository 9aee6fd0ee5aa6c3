import { describe, expect, it } from 'vitest'

import { findMissing } from './bootstrap.mjs'

const wanted = { '': { version: '0.1.0' }, 'node_modules/pg': { version: '8.0.0' }, 'node_modules/@swc/core-darwin-x64': { version: '1.0.0', optional: true } }

describe('the dependencies', () => {
  it('are to be installed when none is', () => {
    expect(findMissing(wanted, undefined)).toBe('none is installed yet')
  })

  it('are complete without the optional ones of other systems', () => {
    expect(findMissing(wanted, { 'node_modules/pg': { version: '8.0.0' } })).toBeUndefined()
  })

  it('are to be installed when the lock file names another version', () => {
    expect(findMissing(wanted, { 'node_modules/pg': { version: '7.9.0' } })).toBe('pg is to be 8.0.0')
  })

  it('are to be installed when an optional one has another version', () => {
    const installed = { 'node_modules/pg': { version: '8.0.0' }, 'node_modules/@swc/core-darwin-x64': { version: '0.9.0' } }
    expect(findMissing(wanted, installed)).toBe('@swc/core-darwin-x64 is to be 1.0.0')
  })
})
