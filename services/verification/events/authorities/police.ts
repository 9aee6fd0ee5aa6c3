import { policeEndpoints } from '../../../../contracts/http/police.js'
import { createClient } from '../../../../platform/http/index.js'
import type { Authority } from './authority.js'

/** An answer to another question than the one asked. */
export class MisdirectedAnswer extends Error {
  override readonly name = 'MisdirectedAnswer'
}

/**
 * The public security department behind its HTTP contract.
 * @param timeoutMs after which it counts as not answering; it is asked again later
 */
export function policeAuthority(baseUrl: string, timeoutMs: number): Authority {
  const client = createClient(policeEndpoints, { baseUrl, timeoutMs })
  return {
    name: 'police',
    async ask({ reference, name, idNumber, address }, signal) {
      const body = { reference, name, idNumber, ...(address && { address }) }
      const answer = await client.verifyHousehold({ body, signal })
      if (answer.reference !== reference) throw new MisdirectedAnswer(`asked ${reference}, answered ${answer.reference}`)
      return answer.answer
    },
  }
}
