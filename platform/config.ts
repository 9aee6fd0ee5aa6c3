import { z } from 'zod'

/** Every problem of the configuration at once; holds names and reasons, never values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`)
  }
}

const ms = (byDefault: number) => z.coerce.number().int().positive().default(byDefault)
const list = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean))

/** What every process needs; each key is read from `RUXUE_` + the key in capitals: `RUXUE_POSTGRES_URL`. */
export const baseShape = {
  /** PostgreSQL server with user and password; the path is replaced by each service's own database. */
  postgresUrl: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Databases are named by this prefix and the service: `ruxue_registration`. */
  databasePrefix: z.string().regex(/^[a-z][a-z0-9_]*$/).default('ruxue_'),
  kafkaBrokers: list.pipe(z.array(z.string().regex(/^[^:]+:\d+$/, 'each broker is host:port')).min(1)),
  topicPrefix: z.string().regex(/^[a-z][a-z0-9-]*$/).default('ruxue'),
  topicPartitions: z.coerce.number().int().min(1).max(64).default(6),
  temporalAddress: z.string().regex(/^[^:]+:\d+$/, 'host:port').default('127.0.0.1:7233'),
  temporalNamespace: z.string().min(1).default('default'),
  /** Key of the opaque ids; the same in every process, and never changed within a season. */
  idKey: z.string().min(32),
  /** File with the issuer's keys (JWK); processes that only verify may hold the public part alone. */
  tokenKeys: z.string().min(1),
  /** Interface to bind. */
  host: z.string().default('127.0.0.1'),
  requestTimeoutMs: ms(5_000),
  statementTimeoutMs: ms(4_000),
  drainMs: ms(6_000),
  /** How far the process's clock and PostgreSQL's may differ before the process is not ready. */
  maxClockSkewMs: ms(250),
  kafkaSessionTimeoutMs: ms(30_000),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
} as const

const longerThanBoth = (config: { requestTimeoutMs: number; statementTimeoutMs: number; drainMs: number }) =>
  config.drainMs > config.requestTimeoutMs && config.drainMs > config.statementTimeoutMs

/**
 * The schema of a process: the common keys and its own.
 * @param own further keys, e.g. `{ smtpUrl: z.url() }` read from `RUXUE_SMTP_URL`
 */
export const processConfig = <S extends z.core.$ZodLooseShape>(own: S) =>
  z.object({ ...baseShape, ...own })

export const baseConfig = processConfig({})
export type BaseConfig = z.output<typeof baseConfig>

/** The environment variable of a key: `requestTimeoutMs` is `RUXUE_REQUEST_TIMEOUT_MS`. */
export const variableOf = (key: string): string => `RUXUE_${key.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`

/**
 * Reads a process's configuration from the environment, once, at its start.
 * @throws ConfigError naming every missing or wrong variable
 */
export function parseConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv = process.env): z.output<S> {
  const input: Record<string, string> = {}
  for (const key of Object.keys(schema.shape)) {
    const value = env[variableOf(key)]
    if (value !== undefined && value !== '') input[key] = value
  }
  const parsed = schema.safeParse(input)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, input))
  const timeouts = z.object({
    requestTimeoutMs: baseShape.requestTimeoutMs,
    statementTimeoutMs: baseShape.statementTimeoutMs,
    drainMs: baseShape.drainMs,
  }).safeParse(input)
  if ('drainMs' in schema.shape && timeouts.success && !longerThanBoth(timeouts.data)) {
    problems.push(`${variableOf('drainMs')}: must be longer than the request and the statement timeout`)
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return parsed.data
}

function describe(issue: z.core.$ZodIssue, input: Record<string, string>): string {
  const key = String(issue.path[0] ?? '')
  return `${variableOf(key)}: ${key in input ? issue.message : 'is not set'}`
}
