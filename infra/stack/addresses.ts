/** Where the three servers are. */
export interface StackAddresses {
  /** Superuser's address of the maintenance database. */
  readonly postgresUrl: string
  /** Comma-separated `host:port`. */
  readonly kafkaBrokers: string
  readonly temporalAddress: string
  /** Unknown when the server is not ours. */
  readonly temporalUiUrl?: string
  readonly temporalMetricsUrl?: string
}

/** Addresses given in the environment; a server with an address is used as it is and not started. */
export function givenAddresses(env: NodeJS.ProcessEnv = process.env) {
  return {
    postgresUrl: env['RUXUE_POSTGRES_URL'] || undefined,
    kafkaBrokers: env['RUXUE_KAFKA_BROKERS'] || undefined,
    temporalAddress: env['RUXUE_TEMPORAL_ADDRESS'] || undefined,
  }
}

/** @returns the address of another database of the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.toString()
}
