import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigError, parseConfig, processConfig, variableOf } from './config.js'

const enough = {
  RUXUE_POSTGRES_URL: 'postgresql://ruxue:secret@db:5432/postgres',
  RUXUE_KAFKA_BROKERS: 'one:9092, two:9092',
  RUXUE_ID_KEY: 'k'.repeat(32),
  RUXUE_TOKEN_KEYS: '/keys.json',
}
const schema = processConfig({ smtpUrl: z.url().default('smtp://127.0.0.1:25') })

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    parseConfig(schema, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
  }
  return []
}

describe('the configuration', () => {
  it('is typed, with defaults', () => {
    const config = parseConfig(schema, { ...enough, RUXUE_REQUEST_TIMEOUT_MS: '1000', RUXUE_STATEMENT_TIMEOUT_MS: '800', RUXUE_DRAIN_MS: '1300' })
    expect(config).toMatchObject({
      kafkaBrokers: ['one:9092', 'two:9092'], requestTimeoutMs: 1_000, drainMs: 1_300, topicPrefix: 'ruxue', smtpUrl: 'smtp://127.0.0.1:25',
    })
  })

  it('names every problem at once, by its variable and without any value', () => {
    const problems = problemsOf({ ...enough, RUXUE_KAFKA_BROKERS: 'no-port', RUXUE_ID_KEY: 'too-short-a-secret', RUXUE_TOKEN_KEYS: '', RUXUE_LOG_LEVEL: 'loud' })
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'RUXUE_KAFKA_BROKERS', 'RUXUE_ID_KEY', 'RUXUE_TOKEN_KEYS', 'RUXUE_LOG_LEVEL',
    ])
    expect(problems[2]).toBe('RUXUE_TOKEN_KEYS: is not set')
    expect(problems.join()).not.toMatch(/too-short-a-secret|loud|no-port/)
  })

  it.each([
    ['requestTimeoutMs', { RUXUE_REQUEST_TIMEOUT_MS: '6000' }],
    ['statementTimeoutMs', { RUXUE_STATEMENT_TIMEOUT_MS: '6000' }],
    ['drainMs', { RUXUE_DRAIN_MS: '5000' }],
  ])('refuses a drain that is not longer than both timeouts (%s)', (_key, env) => {
    expect(problemsOf({ ...enough, ...env })).toEqual(['RUXUE_DRAIN_MS: must be longer than the request and the statement timeout'])
  })

  it('reads each key from the variable of its name', () => {
    expect(variableOf('kafkaSessionTimeoutMs')).toBe('RUXUE_KAFKA_SESSION_TIMEOUT_MS')
  })
})
