import { authorityEndpoints } from '../../../../contracts/http/authority.js'
import { createClient } from '../../../../platform/http/index.js'
import { UnfitAnswer, type FactAnswer } from '../../domain/answer.js'
import type { Inquiry } from '../../domain/inquiry.js'

/** Another organisation that knows facts about a child. */
export interface Authority {
  /** As the policy names it in `by`. */
  name: string
  /** @throws whatever kept it from answering in time; it is asked again */
  ask(inquiry: Inquiry, signal: AbortSignal): Promise<Record<string, FactAnswer>>
}

/**
 * An authority behind the HTTP contract of all authorities.
 * @param timeoutMs after which it counts as not answering; it is asked again later
 */
export function httpAuthority(name: string, baseUrl: string, timeoutMs: number): Authority {
  const client = createClient(authorityEndpoints, { baseUrl, timeoutMs })
  return {
    name,
    async ask(inquiry, signal) {
      const { reference, answers } = await client.inquire({ body: inquiry, signal })
      if (reference !== inquiry.reference) throw new UnfitAnswer(`asked ${inquiry.reference}, answered ${reference}`)
      return answers
    },
  }
}
