import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HTTP_CONTRACTS } from '../../contracts/docs/documents.js'
import type { Endpoint } from '../../contracts/http/endpoint.js'
import { ROLES, type Caller } from '../../contracts/roles.js'
import type { Issuer } from '../../platform/auth.js'
import { EXAMPLES, FOREIGN, OWN, PARAMS, type Example } from './examples.js'
import { openHouse, SERVICES, type House, type ServiceName } from './house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
}, 300_000)
afterAll(() => house?.close())

const endpointsOf = (service: ServiceName): Endpoint[] => Object.values(HTTP_CONTRACTS[service]!.endpoints)
const guarded = SERVICES.flatMap((service) =>
  endpointsOf(service).filter(({ roles }) => Object.keys(roles).length > 0).map((endpoint) => ({ name: `${service} ${endpoint.id}`, service, endpoint })))

async function ask(service: ServiceName, endpoint: Endpoint, authorization: string | undefined, example: Example = {}): Promise<{ status: number; type?: string }> {
  const params = { ...PARAMS, ...example.params }
  const path = endpoint.path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? `no-${name}`))
  const query = new URLSearchParams(example.query)
  const stop = new AbortController()
  const response = await fetch(`${house.urls[service]}${path}?${query.toString()}`, {
    method: endpoint.method,
    signal: stop.signal,
    headers: { ...(authorization !== undefined && { authorization }), ...(example.body !== undefined && { 'content-type': 'application/json' }) },
    ...(example.body !== undefined && { body: JSON.stringify(example.body) }),
  })
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  const body = isProblem ? ((await response.json()) as { type: string }) : undefined
  stop.abort()
  return { status: response.status, ...(body && { type: body.type.split(':').at(-1)! }) }
}

const bearer = async (issuer: Issuer, caller: Caller, ttlSeconds = 60): Promise<string> => `Bearer ${await issuer.sign(caller, ttlSeconds)}`
const exampleOf = (name: string): Example | undefined => EXAMPLES[name]

describe('what is served', () => {
  it.each(SERVICES)('%s serves the endpoints of its contract, all and no others', (service) => {
    const key = ({ method, path }: Endpoint) => `${method} ${path}`
    expect(house.mounted[service].map(key).sort()).toEqual(endpointsOf(service).map(key).sort())
  })

  it('every endpoint that some role reaches only for its own has an example here', () => {
    const own = guarded.filter(({ endpoint }) => Object.values(endpoint.roles).includes('own')).map(({ name }) => name)
    expect(Object.keys(EXAMPLES).sort()).toEqual(own.sort())
  })
})

describe.each(guarded)('$name', ({ name, service, endpoint }) => {
  it('asks for a token that is valid now and signed by the issuer', async () => {
    const role = ROLES.find((candidate) => endpoint.roles[candidate])!
    const tokens = [undefined, 'Bearer nonsense', await bearer(house.issuer, OWN[role], -60), await bearer(house.stranger, OWN[role])]
    for (const token of tokens) expect(await ask(service, endpoint, token, exampleOf(name))).toEqual({ status: 401, type: 'unauthenticated' })
  })

  it('is closed to every role it does not name', async () => {
    for (const role of ROLES.filter((candidate) => !endpoint.roles[candidate])) {
      const answer = await ask(service, endpoint, await bearer(house.issuer, OWN[role]), exampleOf(name))
      expect(answer, role).toEqual({ status: 403, type: 'forbidden' })
    }
  })

  it('lets the roles it names reach what is theirs and nothing else', async () => {
    for (const role of ROLES.filter((candidate) => endpoint.roles[candidate] === 'own')) {
      const own = await ask(service, endpoint, await bearer(house.issuer, OWN[role]), exampleOf(name))
      expect(['unauthenticated', 'forbidden', 'invalid-input', 'internal', 'timed-out'], `${role} its own`).not.toContain(own.type)
      for (const caller of FOREIGN[role] ?? []) {
        const answer = await ask(service, endpoint, await bearer(house.issuer, caller), exampleOf(name))
        expect([403, 404], `${role} another’s`).toContain(answer.status)
        expect(answer.type, `${role} another’s`).toMatch(/^(forbidden|not-found|unknown-child)$/)
      }
    }
    for (const role of ROLES.filter((candidate) => endpoint.roles[candidate] === 'any')) {
      const answer = await ask(service, endpoint, await bearer(house.issuer, OWN[role]), exampleOf(name))
      expect([401, 403], `${role} anyone’s`).not.toContain(answer.status)
    }
  })
})
