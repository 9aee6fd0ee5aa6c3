import net from 'node:net'
import type { ISocketFactory } from 'kafkajs'

/** Sockets of a Kafka client that can be cut all at once, as when the broker goes away. */
export interface CuttableSockets {
  factory: ISocketFactory
  /** Cuts every connection and refuses new ones; `silently` without telling the client, as a dead host does. */
  cut(silently?: 'silently'): void
  /** Lets connections through again. */
  mend(): void
  /** How many connections were refused. */
  refused(): number
}

export function cuttableSockets(): CuttableSockets {
  const open = new Set<net.Socket>()
  let isCut = false
  let refused = 0
  return {
    factory: ({ host, port, onConnect }) => {
      if (isCut) refused += 1
      const socket = net.connect({ host, port: isCut ? CLOSED_PORT : port }, onConnect)
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      return socket
    },
    cut: (silently) => {
      isCut = true
      const reset = silently ? undefined : Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      for (const socket of open) socket.destroy(reset)
    },
    mend: () => { isCut = false },
    refused: () => refused,
  }
}

/** Nobody listens there. */
const CLOSED_PORT = 1
