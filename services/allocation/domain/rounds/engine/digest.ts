import { createHash } from 'node:crypto'
import type { RoundFile } from '../../../../../contracts/rounds.js'
import { canonicalJson } from '../../../../../platform/crypto.js'
import { byText } from '../list.js'

/** Characters handed to the hash at once: handing over each line costs more than hashing it. */
const AT_ONCE = 65_536

/**
 * The digest of a round, the same whatever the order of its schools and applicants: SHA-256 over lines of canonical
 * JSON (RFC 8785), first the round without its schools and applicants, then these, each sorted by id.
 */
export function inputDigest(round: RoundFile): string {
  const { schools, applicants, ...rest } = inOrderOfIds(round)
  return linesDigest([rest, ...schools, ...applicants])
}

/** `sha256:` and the hex digest of a line of canonical JSON for each entry. */
export function linesDigest(entries: readonly object[]): string {
  const hash = createHash('sha256')
  let lines = ''
  for (const entry of entries) {
    lines += `${canonicalJson(entry)}\n`
    if (lines.length < AT_ONCE) continue
    hash.update(lines)
    lines = ''
  }
  return `sha256:${hash.update(lines).digest('hex')}`
}

/** The same round, its schools and applicants in order of their ids. */
export const inOrderOfIds = (round: RoundFile): RoundFile => ({ ...round, schools: byId(round.schools), applicants: byId(round.applicants) })

const byId = <T extends { id: string }>(list: readonly T[]): T[] => list.toSorted((a, b) => byText(a.id, b.id))
