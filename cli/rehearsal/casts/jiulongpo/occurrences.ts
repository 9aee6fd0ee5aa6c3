import type { EndState } from '../../../../contracts/enrollment.js'
import { some, everybodySettled, type Occurrence } from '../../occurrences.js'
import type { Story } from '../../stories.js'
import type { LifeId } from './lives.js'

const of = (id: string, happened: Occurrence['happened']): Occurrence => ({ id, possible: () => true, happened })

/** A child of this life ended so. */
const ended = (id: string, life: LifeId, isEnd: (end: EndState, story: Story) => boolean): Occurrence =>
  of(id, some((story) => story.family.life === life && story.end !== undefined && isEnd(story.end, story)))

const by = (...rounds: string[]) => (end: EndState): boolean => end.kind === 'enrolled' && rounds.includes(end.round)
const at = (school: string, end: EndState): boolean => 'school' in end && end.school === school
const as = (kind: EndState['kind']) => (end: EndState): boolean => end.kind === kind
const arrangedBy = (desk: string) => (end: EndState): boolean => end.kind === 'arranged' && end.phase === desk
const because = (reason: string) => (end: EndState): boolean => end.kind === 'ended' && end.reason === reason
/** Placed nearby, at another school than the zoned one. */
const elsewhere = (end: EndState, { family }: Story): boolean => by('household-adjusted')(end) && !at(family.home.zone, end)
const had = ({ outcomes }: Story, phase: string, outcome: string): boolean => outcomes[phase] === outcome

/** What the notice of Jiulongpo speaks of, each thing at least once. */
export const OCCURRENCES: readonly Occurrence[] = [
  ended('三对口: at the zoned school', 'ordinary', by('household-round')),
  of('amended the form', some(({ family, receipts }) => family.life === 'amends' && receipts.some(({ kind, revision }) => kind === 'form' && revision === 2))),
  ended('学位紧张: at the zoned school by 六年一户 and 提前一年', 'three-match-in-a-crowded-zone', by('household-round')),
  ended('参照三对口: at the zoned school', 'like-three-match', by('household-round')),
  ended('参照三对口: the zoned school is full, placed nearby', 'like-three-match', (end, story) => by('household-adjusted')(end) && had(story, 'household-round', 'not-admitted')),
  ended('not 提前一年: placed nearby', 'moved-in-too-late', by('household-adjusted')),
  ended('not 提前一年: placed at another school, though the crowded one has seats left', 'moved-in-too-late', (end, story) => elsewhere(end, story) && story.family.home.zone === 'shiqiaopu'),
  ended('not 六年一户 by the student records: placed nearby', 'dwelling-was-used', by('household-adjusted')),
  ended('lives elsewhere: placed near where it lives', 'lives-elsewhere', by('household-adjusted')),
  of('placed nearby: the nearest school was full', some(({ end }) => end !== undefined && by('household-adjusted')(end) && !at('shiqiaopu', end))),
  ended('the property registry says otherwise: placed at another school', 'registry-differs', elsewhere),
  ended('the police is silent: the school judges by the papers', 'police-silent', (end, story) => by('household-round')(end) && story.outcomes['police-check'] !== 'answered'),
  ended('refused at the review: arranged', 'review-refused', (end, story) => arrangedBy('arrangement')(end) && had(story, 'household-review', 'refused')),
  ended('late: registered at the zoned school', 'late', by('household-late-round')),
  ended('late, the zoned school is full: placed nearby', 'late-in-a-full-zone', by('household-late-adjusted')),
  ended('late and not 三对口: placed nearby', 'late-and-lives-elsewhere', by('household-late-adjusted')),
  ended('never registered: arranged', 'never-registers', arrangedBy('arrangement')),
  ended('of the district, did not report: arranged', 'stays-away', (end, story) => arrangedBy('arrangement')(end) && had(story, 'public-check-in', 'missed')),
  ended('left the city', 'leaves-city', as('withdrawn')),
  ended('disabled: in an ordinary class', 'disabled-mild', as('inclusive-class')),
  ended('disabled: taught at home', 'disabled-in-need-of-care', as('home-teaching')),
  ended('disabled: deferred', 'disabled-severely', as('deferral')),
  ended('won the draw and confirmed', 'draw-crowded', by('converted-draw')),
  ended('lost the draw: at the zoned school', 'draw-crowded', (end, story) => by('household-late-round')(end) && had(story, 'converted-draw', 'not-admitted')),
  ended('admitted to a converted school without a draw', 'draw-quiet', by('converted-draw')),
  ended('did not confirm: at the zoned school', 'draw-waives', (end, story) => by('household-late-round')(end) && had(story, 'converted-confirmation', 'missed')),
  ended('not entitled to the draw: at the zoned school', 'draw-not-entitled', (end, story) => by('household-late-round')(end) && had(story, 'converted-eligibility', 'refused')),
  ended('named no converted school: at the zoned school', 'names-no-school', by('household-late-round')),
  ended('contract owner before the draw', 'contract-owner', by('contract-admission')),
  ended('contract owner, reports neither there nor where it is admitted by purchase: arranged', 'owner-stays-away', (end, story) =>
    arrangedBy('arrangement')(end) && had(story, 'converted-check-in', 'missed') && had(story, 'purchase-round', 'admitted') && had(story, 'public-check-in', 'missed')),
  ended('special group at a converted school', 'special-at-a-converted-school', by('special-admission')),
  ended('special group arranged by the district', 'special-arranged', arrangedBy('special-arrangement')),
  ended('migrant by purchase', 'purchase-early', by('purchase-round')),
  ended('migrant by purchase, by a later choice', 'purchase-second-choice', (end) => by('purchase-round')(end) && at('baishiyi', end)),
  ended('migrant by points after purchase gave nothing', 'purchase-late-then-points', (end, story) => by('points-round')(end) && had(story, 'purchase-round', 'not-admitted')),
  ended('migrant refused by purchase, for a share below 51 %', 'purchase-refused', (end, story) => because('not-eligible')(end) && had(story, 'purchase-review', 'refused')),
  ended('migrant named no school', 'purchase-names-no-school', because('no-school-chosen')),
  ended('migrant did not report: the place is waived', 'purchase-stays-away', because('place-waived')),
  ended('migrant by points', 'points-many', by('points-round')),
  ended('migrant by points as the family declared, the HR bureau knows nothing', 'points-hr-unknown', by('points-round')),
  ended('migrant by points, by a later choice', 'points-second-choice', (end) => by('points-round')(end) && at('baishiyi', end)),
  ended('migrant with too few points: no seat left', 'points-few', (end, story) => because('no-seat-left-for-migrant-child')(end) && had(story, 'points-round', 'not-admitted')),
  ended('migrant never applied', 'never-applies', because('no-application')),
  everybodySettled,
]
