import { END_REASONS } from '../../../../contracts/enrollment.js'
import type { PaperKind, PaperState } from '../paper.js'
import { lines, type PaperContent, type Step, type Wording } from './wording.js'

const NAMES: Record<PaperKind, string> = {
  'place-notice': 'Place notice', 'admission-letter': 'Admission letter', result: 'Result', arrangement: 'Overall arrangement', end: 'End of the application', reminder: 'Reminder',
}

const STATES: Record<PaperState, (content: PaperContent) => string | undefined> = {
  issued: () => undefined,
  exchanged: ({ exchangedFor }) => `This notice was exchanged for the admission letter${exchangedFor === undefined ? '' : ` ${exchangedFor}`}.`,
  void: () => 'This paper is void.',
}

/** A result is that of a round, or of what its phase is called. */
const nameOf = ({ kind, phase, phaseKind }: PaperContent) => (kind === 'result' && phaseKind !== 'round' ? `Result of the ${phase}` : NAMES[kind])

const paper = (...body: ((content: PaperContent) => string | undefined)[]) => (content: PaperContent) => ({
  subject: `${nameOf(content)} ${content.number}`,
  text: lines(
    `${nameOf(content)} (number ${content.number})`,
    '',
    `Dear ${content.guardianName},`,
    ...body.map((line) => line(content)),
    STATES[content.state](content),
    '',
    `Education bureau, ${content.issuedAt}`,
  ),
})

const when = (what: string, { opens, closes }: Step) => `${what}: from ${opens} until ${closes}; at ${closes} sharp it is over.`

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const takingUp = ({ window }: PaperContent) => window && when(capital(window.phase), window)

const result = ({ childName, schoolName, method, phase, phaseKind, next: step }: PaperContent): string => {
  if (phaseKind === 'review') return `${childName} did not pass the ${phase}.${step ? '' : ' Other applications are not affected.'}`
  if (phaseKind === 'confirmation') return `The place of ${childName} was not confirmed in time and is given up.`
  if (phaseKind === 'check-in') return `${childName} did not come to the school in time, and the place is given up.`
  if (schoolName === undefined) {
    return method === 'residual'
      ? `The schools near home have no seats left; ${childName} has none from this round.`
      : `${childName} was not admitted in this round; other rounds are not affected.`
  }
  return method === 'residual'
    ? `${childName} was placed at ${schoolName}, a school near home that had seats left.`
    : `${childName} was admitted to ${schoolName} in this round.`
}

const forfeiting = ({ schoolName, window }: PaperContent) => {
  if (schoolName === undefined || !window) return undefined
  return window.kind === 'confirmation'
    ? 'Please confirm the place on the admission platform by then; whoever does not gives it up.'
    : 'Whoever does not come gives up the place.'
}

/** Why a review refused; an office's own words stand in the case only, which its family reads. */
const ground = ({ phaseKind, reason }: PaperContent) => {
  if (phaseKind !== 'review') return undefined
  return reason === undefined ? 'The reason stands in the case on the admission platform.' : `Reason: not met is ${reason}.`
}

const DESKS: Record<string, string> = { 'zoned-school': 'in person at the school of your zone', school: 'in person at the school you apply to' }
const where = ({ desk }: Step) => (desk === undefined ? 'It is done on the admission platform.' : `It is done ${DESKS[desk] ?? 'at the desk that the education department names'}.`)
const bringing = ({ brings }: Step) => (brings === undefined ? '' : ` Please bring: ${brings.join(', ')}.`)

const next = ({ next: step }: PaperContent) => {
  if (!step) return undefined
  return step.kind === 'arrangement'
    ? `Next, the education department arranges places, from ${step.opens}; please wait for word.`
    : `What is open next is ${step.phase}. ${when('Open', step)} ${where(step)}${bringing(step)}`
}

const arrangement = ({ childName, schoolName, way }: PaperContent): string => {
  if (way === 'deferral') return `${childName} starts school a year later, as the rules on deferral provide.`
  if (schoolName === undefined) return `The education department will arrange a place for ${childName}; please wait for word.`
  if (way === 'home-teaching') return `${childName} is on the roll of ${schoolName}, which will teach at home.`
  return `A place ${way === 'inclusive-class' ? 'in an ordinary class ' : ''}at ${schoolName} was arranged for ${childName}.`
}

const because = ({ reason }: PaperContent) => (reason === undefined ? undefined : `Reason: ${reason}`)

/** English. */
export const en: Wording = {
  instant: { format: 'd LLLL yyyy, HH:mm', locale: 'en-GB' },
  phases: {
    registration: 'registration', choice: 'choice of schools', check: 'check by the authorities', review: 'review', round: 'admission', notice: 'notice',
    result: 'result', publication: 'publication', confirmation: 'confirmation', 'check-in': 'check-in', arrangement: 'overall arrangement', closing: 'end of the season',
  },
  labelled: (kind, label) => `${kind} (${label})`,
  reasons: {
    [END_REASONS.noSeat]: 'the season has ended without a place',
    [END_REASONS.notTakenUp]: 'the place was not taken up in time',
  },
  papers: {
    'place-notice': paper(
      ({ childName, schoolName }) => `${childName} has a place${schoolName === undefined ? '' : ` at ${schoolName}`}.`,
      takingUp,
      ({ window }) => (window === undefined
        ? undefined
        : 'Bring this notice to the school and exchange it for the admission letter. There is one notice a child, it can be exchanged once, and whoever does not come gives up the place.'),
    ),
    'admission-letter': paper(
      ({ childName, schoolName }) => `${childName} is admitted to ${schoolName ?? 'the school'}. The school will tell you what comes next.`,
    ),
    result: paper(
      result,
      ground,
      (content) => (content.schoolName === undefined ? next(content) : takingUp(content)),
      forfeiting,
    ),
    arrangement: paper(arrangement, because),
    end: paper(({ childName }) => `The application of ${childName} is closed without a place.`, because),
    reminder: paper(
      ({ childName, phase }) => `The ${phase} of ${childName} is not done yet.`,
      ({ window }) => window && when('Open', window),
    ),
  },
  sms: (content) => `[Admission] ${nameOf(content)} ${content.number} of ${content.childName} is ready; see the admission platform.`,
}
