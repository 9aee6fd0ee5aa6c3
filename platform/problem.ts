import { PROBLEMS, type Fault, type ProblemDetails, type ProblemType } from '../contracts/problems.js'

const URN = 'urn:ruxue:problem:'

export interface ProblemExtras {
  /** Instant a window closes or closed: epoch milliseconds or ISO 8601. */
  closesAt?: number | string | undefined
  faults?: Fault[] | undefined
  particulars?: Record<string, unknown> | undefined
  retryAfterMs?: number | undefined
  instance?: string | undefined
}

/** A refusal of the domain or of bad input, as opposed to a bug. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly closesAt: string | undefined
  readonly faults: Fault[] | undefined
  readonly particulars: Record<string, unknown> | undefined
  readonly retryAfterMs: number | undefined
  readonly instance: string | undefined

  constructor(
    readonly type: ProblemType,
    readonly detail: string,
    extras: ProblemExtras = {},
  ) {
    super(`${type}: ${detail}`)
    this.status = PROBLEMS[type].status
    this.closesAt = typeof extras.closesAt === 'number' ? new Date(extras.closesAt).toISOString() : extras.closesAt
    this.faults = extras.faults
    this.particulars = extras.particulars
    this.retryAfterMs = extras.retryAfterMs
    this.instance = extras.instance
  }

  /** The RFC 9457 body of this problem. */
  toDetails(instance = this.instance): ProblemDetails {
    return {
      type: `${URN}${this.type}`,
      title: PROBLEMS[this.type].title,
      status: this.status,
      detail: this.detail,
      ...(instance !== undefined && { instance }),
      ...(this.faults && { faults: this.faults }),
      ...(this.closesAt !== undefined && { closesAt: this.closesAt }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.particulars && { particulars: this.particulars }),
    }
  }
}

/** Builds a problem to throw: `throw problem('window-closed', 'Registration closed', { closesAt })`. */
export const problem = (type: ProblemType, detail: string, extras?: ProblemExtras): Problem =>
  new Problem(type, detail, extras)

/** Whether an error is a problem, and of the given type if one is named. */
export const isProblem = (error: unknown, type?: ProblemType): error is Problem =>
  error instanceof Problem && (type === undefined || error.type === type)

/**
 * The problem in an HTTP answer's body.
 * @returns undefined if the body is not one of ours
 */
export function problemFrom(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const details = body as Partial<ProblemDetails>
  if (typeof details.type !== 'string' || !details.type.startsWith(URN)) return undefined
  const type = details.type.slice(URN.length)
  if (!Object.hasOwn(PROBLEMS, type)) return undefined
  return new Problem(type as ProblemType, details.detail ?? '', details)
}
