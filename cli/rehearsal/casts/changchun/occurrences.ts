import type { PhaseKind } from '../../../../policies/language.js'
import { phaseById, phasesOfKind, type Timeline, type TimelinePhaseOf } from '../../../../policies/timeline.js'
import { decided, everybodySettled, some, type Occurrence, type Played } from '../../occurrences.js'
import type { Story } from '../../stories.js'
import { specialForms } from './facts.js'

const has = (kind: PhaseKind) => (timeline: Timeline) => phasesOfKind(timeline, kind).length > 0
const lotteries = (timeline: Timeline): TimelinePhaseOf<'round'>[] => phasesOfKind(timeline, 'round').filter(({ method }) => method === 'lottery')
const isDesk = (timeline: Timeline, phase: string): boolean =>
  phasesOfKind(timeline, 'registration').some(({ id, desk, form }) =>
    id === phase && desk !== undefined && form === phasesOfKind(timeline, 'registration')[0]?.form)
const hasDesk = (timeline: Timeline): boolean => timeline.phases.some(({ id }) => isDesk(timeline, id))
const wonAndMissed = (story: Story, timeline: Timeline): boolean =>
  [...phasesOfKind(timeline, 'check-in'), ...phasesOfKind(timeline, 'confirmation')].some(
    ({ id, of }) => story.outcomes[id] === 'missed' && of.some((round) => story.outcomes[round] === 'admitted'),
  )

/** What must happen in Changchun, and in every city with such phases. */
export const OCCURRENCES: readonly Occurrence[] = [
  { id: 'registered on time', possible: has('registration'), happened: some(({ receipts }) => receipts.some(({ kind }) => kind === 'form')) },
  { id: 'amended a form', possible: has('registration'), happened: some(({ receipts }) => receipts.some(({ kind, revision }) => kind === 'form' && (revision ?? 0) > 1)) },
  { id: 'registered late on site', possible: hasDesk, happened: some(({ receipts }, { timeline }) => receipts.some(({ kind, phase }) => kind === 'form' && isDesk(timeline, phase))) },
  { id: 'never registered, placed by the desk', possible: has('arrangement'), happened: some(({ family, end }) => family.life === 'never-registers' && end?.kind === 'arranged') },
  { id: 'household did not match', possible: has('check'), happened: some((story) => story.family.life === 'household-mismatch' && decided(story, 'refused')) },
  { id: 'review refused', possible: has('review'), happened: some((story) => story.family.life === 'review-refused' && decided(story, 'refused')) },
  { id: 'twins decided as one', possible: (timeline) => lotteries(timeline).some(({ twins }) => twins === 'together'), happened: twinsShareOutcome },
  { id: 'twins undone', possible: (timeline) => lotteries(timeline).some(({ twins }) => twins === 'together'), happened: some(({ family, receipts }) => family.life === 'twins-undone' && receipts.some(({ kind }) => kind === 'twins-undone')) },
  { id: 'own graduate went straight up', possible: (timeline) => specialForms(timeline).length > 0, happened: some(({ end }) => end?.kind === 'enrolled' && end.route === 'direct') },
  { id: 'lost a draw', possible: (timeline) => lotteries(timeline).length > 0, happened: some(({ outcomes }, { timeline }) => lotteries(timeline).some(({ id }) => outcomes[id] === 'not-admitted')) },
  { id: 'admitted without a draw', possible: (timeline) => lotteries(timeline).length > 0, happened: some(({ family, outcomes }, { timeline }) => family.life === 'private-quiet' && lotteries(timeline).some(({ id }) => outcomes[id] === 'admitted')) },
  { id: 'winner did not come', possible: (timeline) => lotteries(timeline).length > 0, happened: some((story, { timeline }) => story.family.life === 'winner-stays-away' && wonAndMissed(story, timeline)) },
  { id: 'winner went to the zoned school instead', possible: heldTogether, happened: some(({ family, end }) => family.life === 'winner-exchanges-at-public' && end?.kind === 'enrolled' && end.route === 'catchment') },
  { id: 'vacancy applicant admitted', possible: (timeline) => phasesOfKind(timeline, 'choice').length > 1, happened: some(({ family, outcomes }, { timeline }) => family.life === 'vacancy-applicant' && lotteries(timeline).slice(1).some(({ id }) => outcomes[id] === 'admitted')) },
  { id: 'left the city', possible: () => true, happened: some(({ end }) => end?.kind === 'withdrawn') },
  { id: 'special circumstances settled by the desk', possible: has('arrangement'), happened: some(({ family, end }) => family.script.flagged && end?.kind === 'arranged') },
  everybodySettled,
  { id: 'a released seat was given again', possible: (timeline) => phasesOfKind(timeline, 'choice').length > 1, happened: seatGivenAgain },
]

/** A zoned seat survives an admission elsewhere, so a winner may still choose between the two. */
function heldTogether(timeline: Timeline): boolean {
  return lotteries(timeline).some(({ keeps }) => keeps.some((round) => phaseById(timeline, round).kind === 'round'))
}

function twinsShareOutcome({ timeline, stories }: Played): boolean {
  return stories.some((story) => {
    const other = story.family.twin === undefined ? undefined : stories[story.family.twin]
    return story.family.script.twins === 'together' && lotteries(timeline).some(({ id }) =>
      story.outcomes[id] !== undefined && other?.outcomes[id] === story.outcomes[id])
  })
}

/** More children than a school has seats had one there: some seat had two children, one after the other. */
function seatGivenAgain({ catalogue, stories }: Played): boolean {
  const seated = new Map<string, Set<number>>()
  for (const { family, seats } of stories) {
    for (const { school } of seats) seated.set(school, (seated.get(school) ?? new Set()).add(family.index))
  }
  return catalogue.schools.some(({ id, plan }) => (seated.get(id)?.size ?? 0) > plan)
}
