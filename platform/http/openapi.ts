import { z } from 'zod'
import type { Endpoint } from '../../contracts/http/endpoint.js'
import { PROBLEMS, type ProblemType } from '../../contracts/problems.js'

type Json = Record<string, unknown>

const GENERAL: readonly ProblemType[] = ['invalid-input', 'timed-out', 'internal']
const OF_TOKENS: readonly ProblemType[] = ['unauthenticated', 'forbidden']

/** An OpenAPI 3.1 document of a service's endpoints, from the very schemas that requests are checked with. */
export function openApiDocument(info: { title: string; version: string; description?: string }, endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function operationOf(endpoint: Endpoint): Json {
  const open = Object.keys(endpoint.roles).length === 0
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    'x-roles': endpoint.roles,
    security: open ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body !== 'none' && { requestBody: bodyOf(endpoint.body) }),
    responses: {
      [endpoint.status]: answerOf(endpoint),
      ...problemsOf([...GENERAL, ...(open ? [] : OF_TOKENS), ...endpoint.refusals]),
    },
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

function parametersOf(schema: z.ZodType, where: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
}

function bodyOf(body: z.ZodType | 'stream'): Json {
  if (typeof body === 'string') return { required: true, content: { '*/*': { schema: { type: 'string', format: 'binary' } } } }
  return { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } }
}

function answerOf(endpoint: Endpoint): Json {
  if (endpoint.status === 204) return { description: 'Done' }
  return { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } }
}

function problemsOf(types: readonly ProblemType[]): Json {
  const byStatus = new Map<number, ProblemType[]>()
  for (const type of new Set(types)) {
    const { status } = PROBLEMS[type]
    byStatus.set(status, [...(byStatus.get(status) ?? []), type])
  }
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, of]) => [
      status,
      {
        description: of.map((type) => `\`${type}\`: ${PROBLEMS[type].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const PROBLEM_SCHEMA: Json = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', description: 'urn:ruxue:problem:<type>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'message'],
        properties: { at: { type: 'string', description: 'JSON pointer, or row and field of a file' }, message: { type: 'string' } },
      },
    },
    closesAt: { type: 'string', format: 'date-time' },
    retryAfterMs: { type: 'integer' },
    particulars: { type: 'object' },
  },
}
