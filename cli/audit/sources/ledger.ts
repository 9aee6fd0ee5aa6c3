import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { RECEIPT_KINDS, type Receipt } from '../../rehearsal/ledger.js'

const receipt = z.object({
  kind: z.enum(RECEIPT_KINDS),
  child: z.string().min(1),
  phase: z.string().min(1),
  receivedAt: z.iso.datetime(),
  revision: z.number().int().optional(),
  outcome: z.string().optional(),
  schools: z.array(z.string()).optional(),
})

/**
 * The actors' own record of what was acknowledged to them: JSON lines.
 * @throws Error naming the line that cannot be read
 */
export async function readLedger(path: string): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1
    if (text.trim() === '') continue
    const parsed = receipt.safeParse(jsonOf(text))
    if (!parsed.success) throw new Error(`${path}, line ${line}: not a receipt (${parsed.error.issues.map(({ path: at, message }) => `${at.join('.')} ${message}`).join('; ')})`)
    receipts.push(parsed.data as Receipt)
  }
  return receipts
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
