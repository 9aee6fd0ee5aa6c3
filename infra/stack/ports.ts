import { createServer } from 'node:net'

/** Ports of the local stack. */
export const PORT_NAMES = ['postgres', 'kafka', 'kafkaController', 'temporal', 'temporalUi', 'temporalHttp', 'temporalMetrics'] as const
export type PortName = (typeof PORT_NAMES)[number]
export type Ports = Readonly<Record<PortName, number>>

// Below the range from which the system picks the near end of outgoing connections: otherwise a client
// that keeps trying to reach a stopped server may itself occupy the server's port.
const LOWEST = 20_000
const HIGHEST = 32_000

/** Whether a port can be listened on at 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** Picks a free port on 127.0.0.1 that is none of `taken`. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (!taken.has(port) && (await isPortFree(port))) return port
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`)
}

/**
 * Decides all ports: those asked for, else those of the last time, else free ones.
 *
 * @throws Error when a port that was asked for is occupied
 */
export async function choosePorts(asked: Partial<Ports>, remembered: Partial<Ports>): Promise<Ports> {
  const chosen: Partial<Record<PortName, number>> = {}
  const taken = new Set<number>()
  for (const name of PORT_NAMES) {
    const port = await choosePort(name, asked[name], remembered[name], taken)
    taken.add(port)
    chosen[name] = port
  }
  return chosen as Ports
}

async function choosePort(name: PortName, asked: number | undefined, remembered: number | undefined, taken: ReadonlySet<number>) {
  if (asked !== undefined) {
    if (await isPortFree(asked)) return asked
    throw new Error(`port ${asked}, asked for ${name}, is occupied: stop what uses it or choose another`)
  }
  if (remembered !== undefined && (await isPortFree(remembered))) return remembered
  return freePort(taken)
}
