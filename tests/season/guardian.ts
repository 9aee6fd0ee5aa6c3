import type { Platform } from '../../cli/platform/start.js'
import { connect } from '../../cli/rehearsal/actors/stage.js'
import type { Family } from '../../cli/rehearsal/families.js'
import { opaqueId } from '../../platform/crypto.js'

/** The guardian of a family with one child, at the public APIs. */
export async function guardianOf(platform: Platform, season: string, { person }: Family) {
  const { registration, allocation } = connect(platform.addresses)
  const subject = opaqueId('g', platform.idKey, season, person.guardianIdNumber)
  const token = await platform.issuer.sign({ subject, role: 'guardian' }, 600)
  const { children } = await registration.listMyChildren({ token, params: { season } })
  const child = children[0]!.child
  const inPhase = (phase: string) => ({ token, params: { season, child, phase } })
  const form = () => registration.getForm(inPhase('register'))
  return {
    child,
    form,
    /** Corrects the room in every address of the form. */
    moveTo: async (room: string) => {
      const { answers } = await form()
      const corrected = Object.fromEntries(Object.entries(answers).map(([id, answer]) => [id, typeof answer === 'object' ? { ...answer, room } : answer]))
      return registration.fileForm({ ...inPhase('register'), body: { answers: corrected } })
    },
    choose: (school: string) => allocation.choose({ ...inPhase('private-choice'), body: { schools: [school] } }),
    place: () => allocation.getPlace({ token, params: { season, child } }),
  }
}
export type Guardian = Awaited<ReturnType<typeof guardianOf>>
