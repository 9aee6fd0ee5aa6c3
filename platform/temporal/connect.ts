import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'

export interface TemporalSettings {
  temporalAddress: string
  temporalNamespace: string
}

export interface TemporalClient {
  client: Client
  close(): Promise<void>
}

/** A client of workflows: starts, signals, updates, queries. */
export async function createWorkflowClient(settings: TemporalSettings): Promise<TemporalClient> {
  const connection = await Connection.connect({ address: settings.temporalAddress, connectTimeout: 10_000 })
  return { client: new Client({ connection, namespace: settings.temporalNamespace }), close: () => connection.close() }
}

/** The connection of workers; several share one. */
export const connectWorkers = (settings: TemporalSettings): Promise<NativeConnection> =>
  NativeConnection.connect({ address: settings.temporalAddress })
