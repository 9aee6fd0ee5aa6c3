import type { Request, Response } from 'express'
import { isProblem, problem, type Problem } from '../problem.js'
import type { Log } from '../log.js'
import { isTransient } from '../postgres/errors.js'

const PROBLEM_JSON = 'application/problem+json'

/** What express's parsers and router throw. */
interface HttpError {
  status?: number
  type?: string
  message?: string
}

/** The problem that an error is towards the caller; bugs are logged with their stack and told as `internal`. */
export function asProblem(error: unknown, log: Log): Problem {
  if (isProblem(error)) return error
  const { status, type, message } = (error ?? {}) as HttpError
  if (type === 'entity.too.large') return problem('payload-too-large', 'The body is larger than this endpoint takes')
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return problem('unsupported-media-type', message ?? 'The encoding is not understood')
  }
  if (status === 400) {
    const detail = type === 'entity.parse.failed' ? 'The body is not JSON' : 'The request cannot be read'
    return problem('invalid-input', detail, { faults: [{ at: type?.startsWith('entity') ? '/body' : '', message: detail }] })
  }
  if (isTransient(error)) {
    log.warn({ err: error }, 'the database could not do it now')
    return problem('timed-out', 'The database could not do it now', { retryAfterMs: 1_000 })
  }
  log.error({ err: error }, 'request failed')
  return problem('internal', 'Something broke on our side')
}

/** Sends a problem as `application/problem+json`; nothing if the answer has already begun. */
export function sendProblem(request: Request, response: Response, refused: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (refused.retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(refused.retryAfterMs / 1_000)))
  if (refused.type === 'unauthenticated') response.set('www-authenticate', 'Bearer')
  const body = JSON.stringify(refused.toDetails(request.path))
  response.status(refused.status).set('content-type', PROBLEM_JSON).end(body)
}
