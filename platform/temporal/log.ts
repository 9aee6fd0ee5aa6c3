import { DefaultLogger, Runtime, type LogEntry, type LogLevel, type Logger } from '@temporalio/worker'
import type { Log } from '../log.js'

const LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'debug',
  WARN: 'warn',
  ERROR: 'error',
}

/** Temporal's log as lines of ours. What it calls information is detail to us. */
export const temporalLogger = (log: Log): Logger =>
  new DefaultLogger('DEBUG', ({ level, message, meta }: LogEntry) => {
    log[LEVELS[level]]({ ...meta, from: 'temporal' }, message)
  })

/** Forwards the SDK's and its core's log; once a process, before the first worker or native connection. */
export function installTemporalLog(log: Log): void {
  Runtime.install({ logger: temporalLogger(log), telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } } })
}
