import type { RoundId } from '../../../../policies/language.js'
import type { Answers, Script } from '../../script.js'
import { householdAt, pointsAt, purchaseAt, WITH_GRANDPARENTS, type Address } from './answers.js'
import type { Part } from '../lives.js'
import type { SchoolId, ZoneId } from './city.js'

/** Where a family lives, and how many of the same life came before it. */
interface Teller {
  home: Address
  /** A dwelling in a street where seats are few. */
  elsewhere: Address
  turn: number
}

interface Life extends Part {
  /** In which zones, in turn. */
  lives: readonly ZoneId[]
  isMigrant?: true
  tell: (teller: Teller) => Partial<Script>
}

const applies = (answers: Answers): Partial<Script> => ({ forms: { 'household-application': { answers } } })
const comesLate = (answers: Answers): Partial<Script> => ({ forms: { 'household-late': { answers } } })

/** The student records know whose child was admitted from the dwelling three years ago. */
const lastAdmitted = (family: 'same' | 'other'): Partial<Script> => ({
  authorities: { 'student-records': { does: 'match', values: { 'dwelling.last-family': family, 'dwelling.last-admission': '2020-09-01' } } },
})

const CONTRACT: Script['papers'] = { 'contract-review': { outcome: 'approved', findings: { 'contract.valid': true } } }

/** It applies to a converted school, and goes to the zoned one if that gives it no seat. */
const draws = (school: SchoolId, home: Address, other: Partial<Script> = {}): Partial<Script> => ({
  forms: {
    'household-application': { answers: householdAt(home, { route: 'converted' }) },
    'household-late': { answers: householdAt(home), ifLost: 'converted-draw' },
  },
  choices: { 'converted-choice': { schools: [school] } },
  papers: { 'converted-eligibility': { outcome: 'approved', findings: { 'household.guardian': true, 'property.entitled': false } } },
  confirms: true,
  ...other,
})

const disabled = (disability: string, way: NonNullable<Script['way']>): Life => ({
  share: 0.01, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({ ...applies(householdAt(home, { disability })), way }),
})

const buys = (home: Address, date: string, schools: SchoolId[]): Partial<Script> => ({
  forms: { 'purchase-application': { answers: purchaseAt(home, date) } },
  choices: { 'purchase-choice': { schools } },
})

const scores = (home: Address, months: number, schools: SchoolId[], other: { ifLost?: RoundId } = {}): Partial<Script> => ({
  forms: { 'points-application': { answers: pointsAt(home, months), ...other } },
  choices: { 'points-choice': { schools, ...other } },
})

const both = (one: Partial<Script>, other: Partial<Script>): Partial<Script> =>
  ({ forms: { ...one.forms, ...other.forms }, choices: { ...one.choices, ...other.choices } })

/** A day in March; beyond 28 families some share one. */
const boughtIn = (year: number, turn: number): string => `${year}-03-${String(1 + (turn % 28)).padStart(2, '0')}`

/** Of the district: the public schools. */
const HOUSEHOLDS = {
  amends: { share: 0.04, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({
    forms: { 'household-application': { answers: householdAt(home), first: householdAt({ ...home, room: '1-101' }) } }, authorities: { police: { does: 'slow' } } }) },
  'three-match-in-a-crowded-zone': { share: 0.06, least: 4, lives: ['yangjiaping'], tell: ({ home, turn }) => ({
    ...applies(householdAt(home)),
    ...(turn % 2 === 0 && lastAdmitted('same')) }) },
  'like-three-match': { share: 0.03, least: 4, lives: ['yangjiaping'], tell: ({ home }) => applies(householdAt(home, WITH_GRANDPARENTS)) },
  'moved-in-too-late': { share: 0.01, least: 2, lives: ['yangjiaping', 'shiqiaopu'], tell: ({ home }) => applies(householdAt(home, { 'household.since': '2022-10-01' })) },
  'dwelling-was-used': { share: 0.01, least: 2, lives: ['yangjiaping'], tell: ({ home }) => ({
    ...applies(householdAt(home)), ...lastAdmitted('other') }) },
  'lives-elsewhere': { share: 0.02, least: 3, lives: ['baishiyi'], tell: ({ home, elsewhere }) => applies(householdAt(home, { 'residence.address': elsewhere })) },
  'registry-differs': { share: 0.02, least: 2, lives: ['huayan'], tell: ({ home }) => ({ ...applies(householdAt(home)), authorities: { 'property-registry': { does: 'other' } } }) },
  'police-silent': { share: 0.02, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({ ...applies(householdAt(home)), authorities: { police: { does: 'silent' } } }) },
  'review-refused': { share: 0.02, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({
    ...applies(householdAt(home)), papers: { 'household-review': { outcome: 'refused', reason: '材料不实' } } }) },
  late: { share: 0.02, least: 2, lives: ['baishiyi'], tell: ({ home }) => comesLate(householdAt(home)) },
  'late-in-a-full-zone': { share: 0.01, least: 2, lives: ['yangjiaping'], tell: ({ home }) => ({
    ...comesLate(householdAt(home)), papers: { 'household-late-review': { outcome: 'approved', findings: { 'dwelling.last-family': 'none' } } } }) },
  'late-and-lives-elsewhere': { share: 0.01, least: 2, lives: ['baishiyi'], tell: ({ home, elsewhere }) => comesLate(householdAt(home, { 'residence.address': elsewhere })) },
  'never-registers': { share: 0.02, least: 2, lives: ['baishiyi'], tell: () => ({}) },
  'stays-away': { share: 0.02, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({ ...applies(householdAt(home)), comes: 'nowhere' }) },
  'leaves-city': { share: 0.02, least: 2, lives: ['baishiyi'], tell: ({ home }) => ({ ...applies(householdAt(home)), papers: 'none', leaves: true }) },
  'disabled-mild': disabled('mild', 'inclusive-class'),
  'disabled-in-need-of-care': disabled('care', 'home-teaching'),
  'disabled-severely': disabled('severe', 'deferral'),
} satisfies Record<string, Life>

/** The converted schools. */
const CONVERTED = {
  'draw-crowded': { share: 0.06, least: 6, lives: ['huayan'], tell: ({ home }) => draws('crowded', home) },
  'draw-quiet': { share: 0.02, least: 2, lives: ['huayan'], tell: ({ home }) => draws('quiet', home) },
  'draw-waives': { share: 0.01, least: 2, lives: ['huayan'], tell: ({ home }) => draws('quiet', home, { confirms: false }) },
  'draw-not-entitled': { share: 0.01, least: 2, lives: ['huayan'], tell: ({ home }) => draws('crowded', home, {
    forms: {
      'household-application': { answers: householdAt(home, { route: 'converted', 'household.since': '2023-06-10' }) },
      'household-late': { answers: householdAt(home, { 'household.since': '2023-06-10' }) },
    },
    papers: { 'converted-eligibility': { outcome: 'refused', reason: '不具备摇号入学资格', findings: { 'property.entitled': true } } },
    confirms: false }) },
  'names-no-school': { share: 0.01, least: 2, lives: ['huayan'], tell: ({ home }) => ({
    forms: { 'household-application': { answers: householdAt(home, { route: 'converted' }) }, 'household-late': { answers: householdAt(home) } } }) },
  'contract-owner': { share: 0.02, least: 2, lives: ['huayan'], tell: () => ({
    forms: { 'contract-application': { answers: { 'contract.school': 'crowded' } } }, papers: CONTRACT }) },
  'special-at-a-converted-school': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: () => ({
    forms: { 'special-application': { answers: { 'special.group': 'police-hero', 'special.wants': 'converted', 'special.school': 'crowded' } } } }) },
  'special-arranged': { share: 0.01, least: 2, lives: ['baishiyi'], isMigrant: true, tell: () => ({
    forms: { 'special-application': { answers: { 'special.group': 'talent', 'special.wants': 'arranged', 'special.school': 'quiet' } } } }) },
  'owner-stays-away': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) =>
    ({ ...both({ forms: { 'contract-application': { answers: { 'contract.school': 'crowded' } } } }, buys(home, boughtIn(2011, turn), ['gaomiao'])), papers: CONTRACT, comes: 'nowhere' }) },
} satisfies Record<string, Life>

/** Children of migrants. */
const MIGRANTS = {
  'purchase-early': { share: 0.04, least: 4, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) => buys(home, boughtIn(2016, turn), ['gaomiao']) },
  'purchase-second-choice': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) => buys(home, boughtIn(2021, turn), ['gaomiao', 'baishiyi']) },
  'purchase-late-then-points': { share: 0.02, least: 3, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) =>
    both(buys(home, boughtIn(2022, turn), ['gaomiao']), scores(home, 40, ['erlang'], { ifLost: 'purchase-round' })) },
  'purchase-stays-away': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) => ({ ...buys(home, boughtIn(2012, turn), ['gaomiao']), comes: 'nowhere' }) },
  'purchase-refused': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) => ({
    ...buys(home, boughtIn(2014, turn), ['gaomiao']), authorities: { 'property-registry': { does: 'match', values: { 'purchase.share': 40 } } } }) },
  'purchase-names-no-school': { share: 0.01, least: 2, lives: ['gaomiao'], isMigrant: true, tell: ({ home, turn }) => ({ forms: buys(home, boughtIn(2013, turn), []).forms ?? {} }) },
  'points-many': { share: 0.03, least: 3, lives: ['erlang'], isMigrant: true, tell: ({ home, turn }) => scores(home, 20 + (turn % 28), ['erlang']) },
  'points-hr-unknown': { share: 0.01, least: 2, lives: ['erlang'], isMigrant: true, tell: ({ home }) => ({ ...scores(home, 45, ['erlang']), authorities: { 'hr-bureau': { does: 'unknown' } } }) },
  'points-second-choice': { share: 0.01, least: 2, lives: ['erlang'], isMigrant: true, tell: ({ home, turn }) => scores(home, 2 + (turn % 3), ['erlang', 'baishiyi']) },
  'points-few': { share: 0.02, least: 3, lives: ['erlang'], isMigrant: true, tell: ({ home, turn }) => scores(home, 1 + (turn % 2), ['erlang']) },
  'never-applies': { share: 0.01, least: 2, lives: ['erlang'], isMigrant: true, tell: () => ({}) },
} satisfies Record<string, Life>

/** The rest: everything is in order. */
const ordinary: Omit<Life, 'share'> = { least: 9, lives: ['shiqiaopu', 'baishiyi', 'huayan'], tell: ({ home }) => applies(householdAt(home)) }

/** Every life the notice of Jiulongpo leads to, but the ordinary one. */
export const PARTS = { ...HOUSEHOLDS, ...CONVERTED, ...MIGRANTS }
export type LifeId = keyof typeof PARTS | 'ordinary'
export const LIFE: Record<LifeId, Omit<Life, 'share'>> = { ...PARTS, ordinary }
