import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contracts,policies,platform,services,workflows,activities,infra,cli,tests}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/generated/**'],
    // Temporal's native module and worker threads need processes of their own.
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['tests/support/globalSetup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
})
