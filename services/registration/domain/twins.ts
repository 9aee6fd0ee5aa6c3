/** What makes two children plausible twins. */
export interface Sibling {
  child: string
  guardian: string
  /** `YYYY-MM-DD` */
  birthday: string
}

/** One side's word that both are to be treated as one. */
export interface Declaration {
  child: string
  sibling: string
}

/** Why the other child cannot be this one's twin, or undefined if it can. Same guardian or same date of birth. */
export function twinFault(one: Sibling, other: Sibling): string | undefined {
  if (one.child === other.child) return 'a child is not its own twin'
  if (one.guardian !== other.guardian && one.birthday !== other.birthday) {
    return 'the children have neither the same guardian nor the same date of birth'
  }
  return undefined
}

/**
 * The twin of a child: the one it named, if that one named it too. One-sided words are no unit.
 * @param declarations those that are standing, of both children
 */
export function twinOf(child: string, declarations: readonly Declaration[]): string | undefined {
  const named = declarations.find((declaration) => declaration.child === child)?.sibling
  return declarations.some((declaration) => declaration.child === named && declaration.sibling === child) ? named : undefined
}
