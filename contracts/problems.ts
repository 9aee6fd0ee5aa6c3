/**
 * Every problem type of the platform: RFC 9457 `type` is `urn:ruxue:problem:<key>`, with its status and title.
 * A problem is a refusal of the domain or of bad input; a bug is never one of these (it is `internal`).
 */
export const PROBLEMS = {
  'invalid-input': { status: 400, title: 'The request does not fit its schema' },
  unauthenticated: { status: 401, title: 'A valid bearer token is needed' },
  forbidden: { status: 403, title: 'This role may not do that here' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'unknown-season': { status: 404, title: 'There is no such season' },
  'unknown-phase': { status: 404, title: 'There is no such phase in this season' },
  'unknown-child': { status: 404, title: 'There is no such child in this season' },
  'unknown-school': { status: 422, title: 'There is no such school in this season' },
  'unknown-field': { status: 422, title: 'The form has no such field in this phase' },
  'window-not-open': { status: 409, title: 'The phase has not opened yet' },
  'window-closed': { status: 409, title: 'The phase has closed' },
  'not-eligible': { status: 409, title: 'The policy does not admit this child to the phase' },
  'not-amendable': { status: 409, title: 'What was filed here cannot be changed' },
  'stale-revision': { status: 409, title: 'Somebody changed it in the meantime' },
  'duplicate-child': { status: 409, title: 'The child is already in this season' },
  'not-a-twin': { status: 422, title: 'The other child cannot be a twin of this one' },
  withdrawn: { status: 409, title: 'The child has left the season' },
  'choice-not-offered': { status: 422, title: 'This school is not on offer in this phase' },
  'way-not-offered': { status: 422, title: 'The desk does not have this way' },
  'too-many-choices': { status: 422, title: 'More schools were chosen than the phase allows' },
  'school-full': { status: 409, title: 'The school has no seat left' },
  'already-seated': { status: 409, title: 'The child already has a seat' },
  'no-seat-held': { status: 409, title: 'The child holds no seat here' },
  'rule-unmet': { status: 409, title: 'A rule of the policy is not met' },
  'rule-met': { status: 409, title: 'Every rule of the policy is met; there is no ground to refuse' },
  'already-decided': { status: 409, title: 'It is already decided' },
  'wrong-step': { status: 409, title: 'It is another office’s turn' },
  embargoed: { status: 409, title: 'Results are not public yet' },
  'extension-refused': { status: 409, title: 'The phase cannot be extended so' },
  'still-open': { status: 409, title: 'The phase is still open' },
  'season-closed': { status: 409, title: 'The season has closed' },
  'unknown-authority': { status: 422, title: 'The policy asks an authority that is not configured' },
  'different-season': { status: 409, title: 'The season exists with another policy' },
  'round-conflict': { status: 409, title: 'The round is not in a state for that' },
  'no-open-case': { status: 409, title: 'There is no open arrangement case for this child' },
  'import-conflict': { status: 409, title: 'The import exists with other content' },
  'unreadable-file': { status: 422, title: 'The file cannot be read' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has a media type that is not understood' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'not-yet': { status: 503, title: 'There is no answer yet; ask again' },
  'timed-out': { status: 503, title: 'The request took too long and was not carried out' },
  internal: { status: 500, title: 'Something broke on our side' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemType = keyof typeof PROBLEMS

/** One fault of an input with its place: a JSON pointer, or `row 17, field id-number` for files. */
export interface Fault {
  at: string
  message: string
}

/** RFC 9457 problem details as they go over the wire, with our extensions. */
export interface ProblemDetails {
  type: `urn:ruxue:problem:${ProblemType}`
  title: string
  status: number
  detail: string
  instance?: string
  /** Places of the faults, for bad input. */
  faults?: Fault[]
  /** The instant a window closes or closed (ISO 8601), where it matters. */
  closesAt?: string
  /** Milliseconds after which asking again makes sense. */
  retryAfterMs?: number
  /** Further typed particulars, such as the explanation of an unmet rule. */
  particulars?: Record<string, unknown>
}
