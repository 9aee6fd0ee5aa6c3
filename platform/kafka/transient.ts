import { Unreachable } from '../http/client.js'
import { isTransient } from '../postgres/errors.js'
import { isProblem } from '../problem.js'

const BUSY = new Set(['not-yet', 'timed-out', 'too-many-requests'])

/** gRPC: deadline exceeded, resource exhausted, aborted, unavailable. */
const GRPC_LATER = new Set([4, 8, 10, 14])

/** Whether a failure says nothing about the message: something it needs is away or busy. */
export function passesByItself(error: unknown): boolean {
  if (error instanceof Unreachable || isTransient(error)) return true
  if (isProblem(error)) return BUSY.has(error.type)
  const { code, cause, name, retriable } = (error ?? {}) as { code?: unknown; cause?: unknown; name?: unknown; retriable?: unknown }
  if (typeof name === 'string' && name.startsWith('KafkaJS')) return retriable === true || name === 'KafkaJSNumberOfRetriesExceeded'
  return (typeof code === 'number' && GRPC_LATER.has(code)) || (cause !== undefined && passesByItself(cause))
}
