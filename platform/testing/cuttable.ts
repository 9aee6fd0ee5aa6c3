import net from 'node:net'
import type { ISocketFactory } from 'kafkajs'

/** Sockets of a Kafka client that can be cut all at once, as when the broker goes away. */
export interface CuttableSockets {
  factory: ISocketFactory
  /** Cuts every connection and refuses new ones. */
  cut(): void
  /** Lets connections through again. */
  mend(): void
}

export function cuttableSockets(): CuttableSockets {
  const open = new Set<net.Socket>()
  let isCut = false
  return {
    factory: ({ host, port, onConnect }) => {
      const socket = net.connect({ host, port: isCut ? CLOSED_PORT : port }, onConnect)
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      return socket
    },
    cut: () => {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    mend: () => { isCut = false },
  }
}

/** Nobody listens there. */
const CLOSED_PORT = 1
