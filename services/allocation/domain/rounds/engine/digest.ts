import type { RoundFile } from '../../../../../contracts/rounds.js'
import { canonicalJson, linesHash } from '../../../../../platform/crypto.js'
import { byText } from '../list.js'

/**
 * The digest of a round: SHA-256 over lines of canonical JSON (RFC 8785), first the round without its schools and
 * applicants, then these.
 * @param round its schools and applicants in order of their ids
 * @param texts the canonical JSON of each applicant, where it is there already
 */
export const inputDigest = (round: RoundFile, texts?: readonly string[]): string => `sha256:${linesHash(linesOf(round, texts))}`

// One by one: all lines of a city are some 100 MB.
function* linesOf({ schools, applicants, ...rest }: RoundFile, texts?: readonly string[]): Generator<string> {
  yield canonicalJson(rest)
  for (const school of schools) yield canonicalJson(school)
  if (texts) yield* texts
  else for (const applicant of applicants) yield canonicalJson(applicant)
}

/** The same round, its schools and applicants in order of their ids. */
export const inOrderOfIds = <R extends Pick<RoundFile, 'schools' | 'applicants'>>(round: R): R =>
  ({ ...round, schools: byId(round.schools), applicants: byId(round.applicants) })

/** The same list in order of the ids. */
export const byId = <T extends { id: string }>(list: readonly T[]): T[] => list.toSorted((a, b) => byText(a.id, b.id))
