import type { Seat } from '../../contracts/facts.js'
import { HOME } from '../../workflows/enrollment/scripted-child.fixture.js'
import type { Hands, Life } from './run-season.js'
import { after, HOUR_MS, into, life, MINUTE_MS, published, step } from './script.js'

const publicSeat: Seat = { basis: 'zoning', school: 'public-1' }
const privateSeat: Seat = { basis: 'private-admission', school: 'private-1' }
const vacantSeat: Seat = { basis: 'vacancy-admission', school: 'public-2' }
const ownSeat: Seat = { basis: 'own-school-admission', school: 'nine-year-1' }
const graduate = { stage: 'junior', 'primary.school': 'private-nine-year', 'own.school': 'nine-year-1' }

const listed = step((calendar) => calendar.opensAt - 30 * MINUTE_MS, ({ tell, child }) => tell(child.listed()))
const listedGraduate = step((calendar) => calendar.opensAt - 30 * MINUTE_MS, ({ tell, child }) => tell(child.listed(graduate)))
const registers = step(into('register'), ({ tell, child }) => tell(child.filed('information', 'register')))
const approved = step(into('review', 40 * HOUR_MS), ({ tell, child }) => tell(child.case('review', 'approved')))
const refused = step(into('review', 40 * HOUR_MS), ({ tell, child }) => tell(child.case('review', 'refused')))
const zoned = step(published('zoning'), ({ tell, child }) => tell(child.place({ zoning: 'admitted' }, [publicSeat])))
const comesToPublic = step(into('public-check-in', 3 * HOUR_MS), ({ tell, child }) => tell(child.place({ 'public-check-in': 'present' }, [], publicSeat)))
const choosesPrivate = step(into('private-choice'), ({ tell, child }) => tell(child.chosen('private-choice', 'private-1')))
const winsPrivate = step(published('private-admission'), ({ tell, child }) => tell(child.place({ 'private-admission': 'admitted' }, [publicSeat, privateSeat])))
const losesPrivate = step(published('private-admission'), ({ tell, child }) => tell(child.place({ 'private-admission': 'not-admitted' }, [publicSeat])))
const comesToPrivate = step(into('private-check-in', 3 * HOUR_MS), ({ tell, child }) => tell(child.place({ 'private-check-in': 'present' }, [], privateSeat)))

const places = (hands: Hands, school = 'public-3') =>
  hands.arrange({ officer: 'officer-1', reason: 'nearest school with a seat', decision: { place: school } })
const arranges = step(into('arrangement', 5 * HOUR_MS), (hands) => places(hands))

/** Every life the notice of Changchun can lead to; each is a script of what others do. */
export const LIVES: readonly Life[] = [
  life('public ordinary', listed, registers, approved, zoned, comesToPublic),
  life('amended', listed, registers,
    // Fifty edits reach the service; the bridge forwards none of them, and the frozen form is asked for.
    step(into('register', 2 * HOUR_MS), ({ child }) => {
      for (let edit = 0; edit < 50; edit += 1) child.filed('information', 'register', { ...HOME, residency: edit % 2 ? 'permit' : 'household' })
    }),
    approved, zoned, comesToPublic),
  life('late on site', listed,
    step(into('register-on-site'), ({ tell, child }) => tell(child.filed('information', 'register-on-site'))),
    approved, zoned, comesToPublic),
  life('never registered', listed, arranges),
  life('refused review', listed, registers, refused, arranges),
  life('undecided', listed, registers, arranges),
  life('placed after it asked', listed,
    step(into('register'), ({ tell, child, standIns }) => {
      standIns.late.set(child.id, 'zoning')
      return tell(child.filed('information', 'register'))
    }),
    approved, step(published('zoning', HOUR_MS), ({ tell, child }) => tell(child.place({ zoning: 'admitted' }, [publicSeat]))), comesToPublic),
  life('private admitted', listed, registers, approved, zoned, choosesPrivate, winsPrivate, comesToPrivate),
  life('private lost', listed, registers, approved, zoned, choosesPrivate, losesPrivate, comesToPublic),
  life('winner who does not come', listed, registers, approved, zoned, choosesPrivate, winsPrivate,
    step(after('private-check-in'), ({ child }) => child.place({ 'private-check-in': 'missed', 'public-check-in': 'missed' }, [])),
    arranges),
  life('winner at the public school', listed, registers, approved, zoned, choosesPrivate, winsPrivate, comesToPublic),
  life('vacancy applicant who moves', listed, registers, approved, zoned, comesToPublic,
    step(into('vacancy-choice'), ({ tell, child }) => tell(child.chosen('vacancy-choice', 'public-2'))),
    step(published('vacancy-admission'), ({ tell, child }) => tell(child.place({ 'vacancy-admission': 'admitted' }, [vacantSeat], publicSeat))),
    step(into('vacancy-check-in'), ({ tell, child }) => tell(child.place({ 'vacancy-check-in': 'present' }, [], vacantSeat)))),
  life('own graduate', listedGraduate, registers, approved, zoned,
    step(into('own-school-application'), ({ tell, child }) => tell(child.filed('own-school', 'own-school-application', {}))),
    step(into('own-school-review', 9 * HOUR_MS), ({ tell, child }) => tell(child.case('own-school-review', 'approved'))),
    step(published('own-school-admission'), ({ tell, child }) => tell(child.place({ 'own-school-admission': 'admitted' }, [ownSeat]))),
    step(into('private-check-in', 3 * HOUR_MS), ({ tell, child }) => tell(child.place({ 'private-check-in': 'present' }, [], ownSeat)))),
  life('twin', listed, registers, approved, zoned, choosesPrivate, winsPrivate, comesToPrivate),
  life('other twin', listed, registers, approved, zoned, winsPrivate, comesToPrivate),
  life('withdrawn', listed, registers, approved, zoned,
    step(into('private-choice', 2 * HOUR_MS), ({ tell, child }) => tell(child.withdrawn('moved-away')))),
  life('flagged early', listed,
    step(into('register', 2 * HOUR_MS), ({ flag }) => flag('officer-2', 'lives in a home')),
    step(into('register', 30 * HOUR_MS), (hands) => places(hands, 'public-4'))),
  life('ended by the desk', listed,
    step(into('arrangement', 2 * HOUR_MS), ({ arrange }) =>
      arrange({ officer: 'officer-1', reason: 'checked with the school there', decision: { end: 'enrolled-in-another-city' } }))),
  life('overdue at the district', listed,
    step(into('bureau-desk', 50 * HOUR_MS), (hands) => places(hands))),
]
