import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

export const RECEIPT_KINDS = ['form', 'choice', 'check-in', 'confirmation', 'decision', 'arrangement', 'withdrawal', 'twins-undone'] as const

/** One acknowledgement an actor was given; what was promised here must never be lost. */
export interface Receipt {
  kind: (typeof RECEIPT_KINDS)[number]
  child: string
  phase: string
  /** ISO instant the service says it received the request. */
  receivedAt: string
  revision?: number
  outcome?: string
  schools?: string[]
}

export interface Ledger {
  readonly receipts: readonly Receipt[]
  keep(receipt: Receipt): void
  close(): Promise<void>
}

/** The actors' own record, one JSON line a receipt, independent of everything the services store. */
export function openLedger(path: string): Ledger {
  const receipts: Receipt[] = []
  const file: WriteStream = createWriteStream(path, { flags: 'w', mode: 0o600 })
  return {
    receipts,
    keep(receipt) {
      receipts.push(receipt)
      file.write(`${JSON.stringify(receipt)}\n`)
    },
    async close() {
      file.end()
      await finished(file)
    },
  }
}
