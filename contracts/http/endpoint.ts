import type { z } from 'zod'
import type { ProblemType } from '../problems.js'
import type { Reach, Role } from '../roles.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/**
 * One HTTP endpoint as data: servers mount it, clients call it, OpenAPI and the authorisation matrix are
 * generated from it. Every schema is strict: an unknown field is refused.
 */
export interface Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  /** Unique within its service, the operationId in OpenAPI. */
  id: string
  method: Method
  /** Express path, parameters as `:name`. */
  path: string
  summary: string
  /** Who may call it and how far each reaches. An empty record is open to everyone without a token. */
  roles: Partial<Record<Role, Reach>>
  params: P
  query: Q
  /** A JSON body, nothing, or raw bytes that the handler streams. */
  body: B | 'none' | 'stream'
  response: R
  /** Where the answer is no JSON document: `response` is then the schema of one event's data. */
  media?: 'text/event-stream'
  /** Status of the ordinary answer. */
  status: 200 | 201 | 202 | 204
  /** Problems this endpoint answers with, besides the general ones. */
  refusals: readonly ProblemType[]
}

/** Declares an endpoint; only fixes the types. */
export const endpoint = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declared: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> => declared
