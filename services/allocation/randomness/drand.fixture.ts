import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RECORDED_ROUNDS } from '../domain/draw/beacon.fixture.js'
import { DRAND_CHAINS } from '../domain/draw/chains.js'

/** How a simulated relay misbehaves. */
export type Behaviour = 'honest' | 'silent' | 'failing' | 'lying' | 'garbled' | 'other-round'

export interface SimulatedRelay {
  address: string
  /** How many times it was asked. */
  asked(): number
  close(): void
}

/**
 * A simulator of a relay of drand, for tests: it has the recorded rounds, and nothing for others as if they were still
 * to come.
 */
export async function simulateRelay(behaviour: Behaviour = 'honest'): Promise<SimulatedRelay> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    if (behaviour === 'silent') return
    const [, chain, , round] = request.url!.split('/')
    const recorded = RECORDED_ROUNDS.find((one) => DRAND_CHAINS[one.chain].chain === chain && (behaviour === 'other-round' || one.round === Number(round)))
    response.statusCode = behaviour === 'failing' ? 500 : recorded ? 200 : 425
    if (!recorded) {
      response.end('Too early')
      return
    }
    const { chain: _, previousSignature, signature, ...rest } = recorded
    const told = { ...rest, signature: behaviour === 'lying' ? `${signature.slice(0, -1)}0` : signature, ...(previousSignature !== undefined && { previous_signature: previousSignature }) }
    response.end(behaviour === 'garbled' ? '<html>' : JSON.stringify(told))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
