import type { FormRow } from '../store/forms.js'
import type { ImportProgress } from '../store/imports.js'

export const iso = (at: number): string => new Date(at).toISOString()

export const progressView = (id: string, { state, rows, accepted, unchanged, rejected }: ImportProgress) => ({
  import: id, state, rows, accepted, unchanged, rejected,
})

/** What a guardian gets for an accepted submission. */
export const receiptView = ({ child, phase, revision, receivedAt }: FormRow, number: string) => ({
  child, phase, number, revision, receivedAt: iso(receivedAt),
})
