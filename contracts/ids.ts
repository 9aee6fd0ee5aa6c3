/** Season id, the policy's id: `changchun-2022`. Safe in URLs, topic headers and workflow ids. */
export type SeasonId = string
/** Opaque child id, `c` + 25 base-32 characters: a keyed hash that says nothing about the child. */
export type ChildId = string
/** Opaque guardian id, `g` + 25 base-32 characters. */
export type GuardianId = string
/** School id of the season's catalogue. */
export type SchoolId = string
/** Zone id of the season's catalogue. */
export type ZoneId = string
/** District id of the season's catalogue. */
export type DistrictId = string
/** Phase id of the policy. */
export type PhaseId = string
/** The children a round treats as one: the child's own id, or `u` + 25 base-32 characters for twins. */
export type UnitId = string

export const SERVICES = ['registration', 'verification', 'allocation', 'notification'] as const
/** The services that own phases of a season. */
export type ServiceName = (typeof SERVICES)[number]
