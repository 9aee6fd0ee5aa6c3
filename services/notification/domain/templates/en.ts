import type { PaperKind, PaperState } from '../paper.js'
import { lines, type PaperContent, type Wording } from './wording.js'

const NAMES: Record<PaperKind, string> = {
  'place-notice': 'Place notice', 'admission-letter': 'Admission letter', result: 'Result', arrangement: 'Overall arrangement', reminder: 'Reminder',
}

const STATES: Record<PaperState, (content: PaperContent) => string | undefined> = {
  issued: () => undefined,
  exchanged: ({ exchangedFor }) => `This notice was exchanged for the admission letter${exchangedFor === undefined ? '' : ` ${exchangedFor}`}.`,
  void: () => 'This paper is void.',
}

const paper = (...body: ((content: PaperContent) => string | undefined)[]) => (content: PaperContent) => ({
  subject: `${NAMES[content.kind]} ${content.number}`,
  text: lines(
    `${NAMES[content.kind]} (number ${content.number})`,
    '',
    `Dear ${content.guardianName},`,
    ...body.map((line) => line(content)),
    STATES[content.state](content),
    '',
    `Education bureau, ${content.issuedAt}`,
  ),
})

const window = (what: string) => ({ opens, closes }: PaperContent) =>
  (opens === undefined || closes === undefined ? undefined : `${what}: from ${opens} until ${closes}; at ${closes} sharp it is over.`)

/** English. */
export const en: Wording = {
  instant: { format: 'd LLLL yyyy, HH:mm', locale: 'en-GB' },
  phases: {
    registration: 'registration', choice: 'choice of schools', check: 'check by the authorities', review: 'review', round: 'admission', notice: 'notice',
    result: 'result', publication: 'publication', confirmation: 'confirmation', 'check-in': 'check-in', arrangement: 'overall arrangement', closing: 'end of the season',
  },
  papers: {
    'place-notice': paper(
      ({ childName, schoolName }) => `${childName} has a place${schoolName === undefined ? '' : ` at ${schoolName}`}.`,
      window('Check-in'),
      ({ opens }) => (opens === undefined
        ? undefined
        : 'Bring this notice to the school and exchange it for the admission letter. There is one notice a child, it can be exchanged once, and whoever does not come gives up the place.'),
    ),
    'admission-letter': paper(
      ({ childName, schoolName }) => `${childName} is admitted to ${schoolName ?? 'the school'}. The school will tell you when lessons begin.`,
    ),
    result: paper(
      ({ childName, schoolName }) =>
        (schoolName === undefined ? `${childName} was not admitted in this round; other rounds are not affected.` : `${childName} was admitted to ${schoolName} in this round.`),
      ({ schoolName, ...content }) => (schoolName === undefined ? undefined : window('Check-in')(content)),
      ({ schoolName, opens }) => (schoolName === undefined || opens === undefined ? undefined : 'Whoever does not come gives up the place.'),
    ),
    arrangement: paper(
      ({ childName, schoolName }) =>
        (schoolName === undefined ? `The education department will arrange a place for ${childName}; please wait for word.` : `A place at ${schoolName} was arranged for ${childName}.`),
    ),
    reminder: paper(
      ({ childName, phase }) => `The ${phase} of ${childName} is not done yet.`,
      window('Open'),
    ),
  },
  sms: ({ kind, number, childName }) => `[Admission] ${NAMES[kind]} ${number} of ${childName} is ready; see the admission platform.`,
}
