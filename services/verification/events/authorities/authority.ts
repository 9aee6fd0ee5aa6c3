import type { z } from 'zod'
import type { address } from '../../../../contracts/http/registration.js'
import type { AuthorityAnswer } from '../../domain/answer.js'

/** What an authority is asked; personal data that lives only as long as the question. */
export interface Inquiry {
  /** Opaque; comes back with the answer. */
  reference: string
  name: string
  idNumber: string
  /** The address declared; absent where the family declared none. */
  address?: z.output<typeof address>
}

/** Another organisation that knows whether what a family declared is true. */
export interface Authority {
  /** As the policy names it in `by`. */
  name: string
  /** @throws whatever kept it from answering in time; it is asked again */
  ask(inquiry: Inquiry, signal: AbortSignal): Promise<AuthorityAnswer>
}
