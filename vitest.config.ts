import { defineConfig } from 'vitest/config'

const ALL = '{contracts,policies,platform,services,workflows,activities,infra,cli,tests,tools}/**/*.test.ts'
/** Whole platforms on a compressed calendar: they need the machine for themselves. */
const SEASONS = 'tests/season/**/*.test.ts'

const shared = {
  // Temporal's native module and worker threads need processes of their own.
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 120_000,
  teardownTimeout: 60_000,
} as const

export default defineConfig({
  test: {
    globalSetup: ['tests/support/globalSetup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: [ALL],
          exclude: ['**/node_modules/**', '**/generated/**', SEASONS],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'seasons',
          include: [SEASONS],
          exclude: ['**/node_modules/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
