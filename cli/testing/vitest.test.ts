import { describe, expect, it } from 'vitest'

import { count, type VitestReport } from './vitest.js'

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] }
const report = (change: Partial<VitestReport> = {}): VitestReport => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [passed],
  ...change,
})

describe('the count of a test run', () => {
  it('is that of its tests', () => {
    expect(count(report({ numFailedTests: 2 }), 1, false)).toEqual({ passed: 5, failed: 2 })
  })

  it('has a failure for a file that could not be loaded', () => {
    const unloaded = { status: 'failed', assertionResults: [] }
    expect(count(report({ testResults: [passed, unloaded] }), 1, false)).toEqual({ passed: 5, failed: 1 })
  })

  it('has a failure for an error outside all tests', () => {
    expect(count(report(), 1, false)).toEqual({ passed: 5, failed: 1 })
  })

  it('has a failure for each skipped test of a whole run', () => {
    expect(count(report({ numPendingTests: 1, numTodoTests: 1 }), 0, false)).toEqual({ passed: 5, failed: 2 })
  })

  it('has none for tests that a selection left out', () => {
    expect(count(report({ numPendingTests: 9 }), 0, true)).toEqual({ passed: 5, failed: 0 })
  })
})
