import type { z } from 'zod'
import { PROBLEMS, type ProblemType } from '../problems.js'
import type { Endpoint } from '../http/endpoint.js'
import { jsonSchemaOf, type JsonSchema } from './json-schema.js'

const GENERAL_REFUSALS: readonly ProblemType[] = ['invalid-input', 'timed-out', 'internal']
const GUARDED_REFUSALS: readonly ProblemType[] = ['unauthenticated', 'forbidden']

/** The OpenAPI 3.1 document of a service's endpoints, from the very schemas that requests are checked with. */
export function openApiDocument(
  info: { title: string; version: string; description?: string },
  endpoints: readonly Endpoint[],
): JsonSchema {
  const paths: Record<string, JsonSchema> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: PROBLEM_SCHEMA },
    },
  }
}

function operationOf(endpoint: Endpoint): JsonSchema {
  const guarded = Object.keys(endpoint.roles).length > 0
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(guarded ? { security: [{ bearer: [] }] } : { security: [] }),
    'x-roles': endpoint.roles,
    ...parametersOf(endpoint),
    ...bodyOf(endpoint),
    responses: { ...answerOf(endpoint), ...problemsOf(endpoint, guarded) },
  }
}

function parametersOf(endpoint: Endpoint): JsonSchema {
  const of = (schema: z.ZodType, place: 'path' | 'query'): JsonSchema[] => {
    const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as {
      properties?: Record<string, JsonSchema>
      required?: string[]
    }
    return Object.entries(properties).map(([name, { description, ...rest }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    }))
  }
  const parameters = [...of(endpoint.params, 'path'), ...of(endpoint.query, 'query')]
  return parameters.length > 0 ? { parameters } : {}
}

function bodyOf(endpoint: Endpoint): JsonSchema {
  if (endpoint.body === 'none') return {}
  const content: JsonSchema =
    endpoint.body === 'stream'
      ? { 'application/octet-stream': {} }
      : { 'application/json': { schema: jsonSchemaOf(endpoint.body, 'input') } }
  return { requestBody: { required: true, content } }
}

function answerOf(endpoint: Endpoint): JsonSchema {
  const media = endpoint.media ?? 'application/json'
  return { [endpoint.status]: { description: endpoint.summary, content: { [media]: { schema: jsonSchemaOf(endpoint.response) } } } }
}

function problemsOf(endpoint: Endpoint, guarded: boolean): JsonSchema {
  const byStatus = new Map<number, ProblemType[]>()
  for (const type of new Set([...GENERAL_REFUSALS, ...(guarded ? GUARDED_REFUSALS : []), ...endpoint.refusals])) {
    const { status } = PROBLEMS[type]
    byStatus.set(status, [...(byStatus.get(status) ?? []), type])
  }
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, types]) => [
      status,
      {
        description: types.map((type) => `\`${type}\` ${PROBLEMS[type].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const PROBLEM_SCHEMA: JsonSchema = {
  description: 'RFC 9457 problem details',
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { enum: Object.keys(PROBLEMS).map((type) => `urn:ruxue:problem:${type}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    faults: {
      type: 'array',
      items: { type: 'object', required: ['at', 'message'], properties: { at: { type: 'string' }, message: { type: 'string' } } },
    },
    closesAt: { type: 'string', format: 'date-time' },
    retryAfterMs: { type: 'integer' },
    particulars: { type: 'object' },
  },
}
