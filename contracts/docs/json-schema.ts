import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/**
 * The JSON schema (2020-12) of a zod schema as it looks on the wire.
 * @param io `input` for what a caller sends, defaults optional; `output` for what it gets
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as JsonSchema
  return rest
}
