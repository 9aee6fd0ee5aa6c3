export const ROLES = ['guardian', 'school', 'district', 'city', 'ops', 'service'] as const
/**
 * Who calls. `guardian` a child's guardian, `school` a school's reviewer, `district` a district's staff,
 * `city` the bureau's staff, `ops` the people who run the platform, `service` the platform's own processes.
 */
export type Role = (typeof ROLES)[number]

/**
 * How far a role reaches at an endpoint. `own` means: a guardian's own children, a school's own children or
 * cases, a district's own children; `any` is unlimited within the season.
 */
export type Reach = 'own' | 'any'

/** The claims of a bearer token. */
export interface Caller {
  /** Opaque subject; a guardian's is their GuardianId. */
  subject: string
  role: Role
  school?: string
  district?: string
}

/** What a request is about, so that `own` can be decided. */
export interface About {
  guardian?: string | undefined
  schools?: readonly string[] | undefined
  district?: string | undefined
}
