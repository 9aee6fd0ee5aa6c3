import type { Family } from '../families.js'
import { attempt, type Stage } from './stage.js'

/** A guardian signs in and looks up the child; the opaque id is all an actor ever learns. */
export async function childOf(stage: Stage, family: Family, untilMs: number): Promise<string | undefined> {
  if (family.child !== undefined) return family.child
  const token = await stage.identity.guardian(family.person.guardianIdNumber)
  const found = await attempt(stage, untilMs, () => stage.apis.registration.listMyChildren({ token, params: { season: stage.season } }))
  const members = [family, ...(family.twin === undefined ? [] : [stage.families[family.twin]])]
  for (const { child, name } of found?.children ?? []) {
    const member = members.find((one) => one?.child === undefined && one?.person.name === name)
    if (member) member.child = child
  }
  return family.child
}
