import type { Channel } from '../../domain/paper.js'
import type { Rendering } from '../../domain/render.js'

/** Where a family can be reached; personal data that lives only while a message is sent. */
export interface Reach {
  email?: string | undefined
  phone?: string | undefined
}

/** A way to tell a family something. */
export interface MessageChannel {
  name: Channel
  /** The family's address on this channel, if it gave one. */
  addressOf(reach: Reach): string | undefined
  /**
   * Hands a message over; the same `id` twice is recognisable as the same message.
   * @throws Undeliverable if trying again makes no sense, anything else if it may work later
   */
  send(id: string, address: string, rendering: Rendering): Promise<void>
  stop(): Promise<void>
}

/** The other side refused the message for good. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable'
}
