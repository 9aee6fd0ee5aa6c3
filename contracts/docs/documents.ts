import { drawFile } from '../files/draw.js'
import { proposalsFile, residualFile } from '../files/residual.js'
import { resultFile, roundFile } from '../files/round.js'
import { allocationEndpoints } from '../http/allocation.js'
import { authorityEndpoints } from '../http/authority.js'
import { consoleEndpoints } from '../http/console.js'
import type { Endpoint } from '../http/endpoint.js'
import { notificationEndpoints } from '../http/notification.js'
import { registrationEndpoints } from '../http/registration.js'
import { seasonEndpoints } from '../http/seasons.js'
import { verificationEndpoints } from '../http/verification.js'
import { witnessEndpoints } from '../http/witness.js'
import { asyncApi } from './asyncapi.js'
import { jsonSchemaOf, type JsonSchema } from './json-schema.js'
import { openApiDocument } from './openapi.js'

/** Every HTTP contract by the service that answers it. */
export const HTTP_CONTRACTS: Record<string, { title: string; endpoints: Record<string, Endpoint> }> = {
  registration: { title: 'Who asks: roster, forms, amendments, twins, withdrawals', endpoints: { ...seasonEndpoints, ...registrationEndpoints } },
  verification: { title: 'Is it true: authority checks, reviews', endpoints: { ...seasonEndpoints, ...verificationEndpoints } },
  allocation: { title: 'Who gets which place: plans, zones, choices, rounds, seats', endpoints: { ...seasonEndpoints, ...allocationEndpoints } },
  notification: { title: 'Telling people: papers and messages', endpoints: { ...seasonEndpoints, ...notificationEndpoints } },
  console: { title: 'What the bureau sees and commands', endpoints: consoleEndpoints },
  authority: { title: 'What an authority answers, police, property registry or another; its own system, simulated locally', endpoints: authorityEndpoints },
  witness: { title: 'What a witness of draws answers; another organisation’s system, simulated locally', endpoints: witnessEndpoints },
}

/** Every file of our own that people write or read. */
const FILES = {
  'draw.v1': { title: 'The transcript of a draw, as `ruxue verify` reads it', schema: drawFile },
  'round.v1': { title: 'A round, as `ruxue allocate` reads it', schema: roundFile },
  'result.v1': { title: 'The result of a round, as `ruxue allocate` writes it', schema: resultFile },
  'residual.v1': { title: 'A residual round, from which children are proposed for schools near home', schema: residualFile },
  'proposals.v1': { title: 'What a residual round proposes', schema: proposalsFile },
}

/** File name → document, for `docs/contracts/`. */
export function documents(): Record<string, JsonSchema> {
  return {
    'asyncapi.json': asyncApi(),
    ...Object.fromEntries(
      Object.entries(HTTP_CONTRACTS).map(([service, { title, endpoints }]) => [
        `openapi-${service}.json`,
        openApiDocument({ title: `Ruxue ${service}`, version: '1', description: title }, Object.values(endpoints)),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(FILES).map(([name, { title, schema }]) => [
        `${name}.schema.json`,
        { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:ruxue:${name}`, title, ...jsonSchemaOf(schema, 'input') },
      ]),
    ),
  }
}

/** The document as it stands in its file. */
export const textOf = (document: JsonSchema): string => `${JSON.stringify(document, null, 2)}\n`
