import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger

/** Fields that tie log lines of one child, season or request together; opaque ids only. */
export interface LogIds {
  child?: string
  season?: string
  trace?: string
}

const SECRET = ['authorization', 'password', 'token', 'secret', 'idKey', 'postgresUrl', 'databaseUrl']
const PERSONAL = ['name', 'idNumber', 'phone', 'email', 'address', 'birthday']
/** PostgreSQL tells the offending row's values there. */
const OF_ERRORS = ['err.detail', 'err.where']
const NESTED = [...SECRET, ...PERSONAL].flatMap((field) => [`*.${field}`, `*.*.${field}`])

/**
 * A process's log: JSON lines with ISO time. Secrets and personal fields are masked wherever they are nested,
 * as a net below the rule that nobody logs them.
 * @param destination where the lines go, standard output if not given
 */
export function createLog(options: { name: string; level?: string }, destination?: DestinationStream): Log {
  const settings = {
    level: options.level ?? 'info',
    base: { process: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...SECRET, ...PERSONAL, ...OF_ERRORS, ...NESTED], censor: '[hidden]' },
  }
  return destination ? pino(settings, destination) : pino(settings)
}

/** A log whose lines carry these ids. */
export const withIds = (log: Log, ids: LogIds): Log => log.child(ids)
