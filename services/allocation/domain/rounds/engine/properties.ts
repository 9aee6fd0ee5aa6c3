/** What holds of every result. The sentences stand in docs/rounds.md; `checkResult` and `checkWaivers` check them. */
export const PROPERTIES = {
  complete: 'Every applicant is in the result once, and nobody else is.',
  chosen: 'Nobody is at a school that was not chosen.',
  plan: 'No school has more children than its plan, but for the children of units admitted over plan, of which each is recorded as such.',
  units: 'The children of a unit are all at one school, or none of them is at any; where units are split, a child registered later has no earlier choice than one registered before.',
  claims: 'Nobody has a better claim to a seat than the one who has it.',
  'free-seats': 'No seat stays free that somebody would rather have than the own place, unless it takes more seats than are free to hold the unit.',
  reserves: 'Everyone who would rather be at a school is in its reserves, in the order of claims, and nobody else is.',
  'input-order': 'The order of applicants and schools in the file changes nothing.',
  waivers: 'A waiver only moves people up: nobody else loses a place or gets a later choice.',
} as const
export type Property = keyof typeof PROPERTIES

/** A property that does not hold, and where. */
export interface Violation {
  property: Property
  what: string
}
