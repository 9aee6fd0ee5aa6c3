import type { z } from 'zod'
import type { authorityEndpoints } from '../../../contracts/http/authority.js'
import type { registrationEndpoints } from '../../../contracts/http/registration.js'
import type { Timeline } from '../../../policies/timeline.js'

/** What an authority is asked; personal data that lives only as long as the question. */
export type Inquiry = z.output<Exclude<typeof authorityEndpoints.inquire.body, string>>
/** Who a child is, by registration's word. */
export type Person = z.output<typeof registrationEndpoints.people.response>['people'][number]

/**
 * What an authority is told about a child: who it and its guardian are, the facts of the check with what the family
 * declared, and the addresses asked about. Where no address is asked about the question is about the family or its
 * dwelling, and every declared one is told.
 */
export function inquiryOf(timeline: Timeline, reference: string, asked: readonly string[], person: Person): Inquiry {
  const { name, idNumber, guardianName, guardianIdNumber, answers } = person
  const isAddress = (fact: string) => timeline.facts[fact]?.type === 'address'
  const told = asked.some(isAddress) ? asked : Object.keys(answers)
  return {
    reference,
    child: { name, idNumber },
    guardian: { name: guardianName, ...(guardianIdNumber !== undefined && { idNumber: guardianIdNumber }) },
    addresses: Object.fromEntries(told.flatMap((fact) => (typeof answers[fact] === 'object' ? [[fact, answers[fact]] as const] : []))),
    facts: asked.map((fact) => {
      const { type = 'yes-no', of } = timeline.facts[fact] ?? {}
      const declared = answers[fact]
      return { fact, type, ...(of && { of }), ...(declared !== undefined && typeof declared !== 'object' && { declared }) }
    }),
  }
}
