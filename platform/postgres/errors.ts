const RETRYABLE = new Set(['40001', '40P01'])
const UNREACHABLE = /^(08...|57P0[1-5]|53300)$/
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])
const PRISMA_CONFLICT = 'P2034'
const PRISMA_UNREACHABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'])
const DRIVER_UNREACHABLE = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'])
const LOST = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/

interface Layered {
  code?: unknown
  originalCode?: unknown
  kind?: unknown
  message?: unknown
  cause?: unknown
  meta?: { driverAdapterError?: unknown }
}

function* layersOf(error: unknown, depth = 0): Generator<Layered> {
  if (typeof error !== 'object' || error === null || depth > 6) return
  const layer = error as Layered
  yield layer
  yield* layersOf(layer.cause, depth + 1)
  yield* layersOf(layer.meta?.driverAdapterError, depth + 1)
}

/** The SQLSTATE of a failure, however deep pg and Prisma have wrapped it. */
export function sqlStateOf(error: unknown): string | undefined {
  for (const layer of layersOf(error)) {
    for (const code of [layer.originalCode, layer.code]) {
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P[12]\d{3}$/.test(code)) return code
    }
  }
  return undefined
}

/** Whether running the transaction again is right: a serialization failure or a deadlock. */
export function isConflict(error: unknown): boolean {
  if (RETRYABLE.has(sqlStateOf(error) ?? '')) return true
  return [...layersOf(error)].some((layer) => layer.code === PRISMA_CONFLICT || layer.kind === 'TransactionWriteConflict')
}

/** Whether a constraint refused the row; with its name if one is given. */
export function isUniqueViolation(error: unknown): boolean {
  if (sqlStateOf(error) === '23505') return true
  return [...layersOf(error)].some((layer) => layer.code === 'P2002' || layer.kind === 'UniqueConstraintViolation')
}

/** Whether the database could not be reached or was shutting down, so that the same may work later. */
export function isUnreachable(error: unknown): boolean {
  if (UNREACHABLE.test(sqlStateOf(error) ?? '')) return true
  return [...layersOf(error)].some(
    ({ code, kind, message }) =>
      (typeof code === 'string' && (NETWORK.has(code) || PRISMA_UNREACHABLE.has(code))) ||
      (typeof kind === 'string' && DRIVER_UNREACHABLE.has(kind)) ||
      (typeof message === 'string' && LOST.test(message)),
  )
}

/** A failure that says nothing about what was asked: unreachable, a conflict, or a statement cut short. */
export const isTransient = (error: unknown): boolean =>
  isConflict(error) || isUnreachable(error) || sqlStateOf(error) === '57014'
