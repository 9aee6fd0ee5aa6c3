import type { Mounted } from '../../../platform/http/index.js'
import type { Allocation } from './allocation.js'
import { arrange } from './arrange.js'
import { putCatalogue } from './catalogue.js'
import { checkIn } from './check-in.js'
import { checkRound } from './check-round.js'
import { choose } from './choose.js'
import { commitRound } from './commit-round.js'
import { confirm } from './confirm.js'
import { drawRound } from './draw-round.js'
import { freezeRound } from './freeze-round.js'
import { getInclusion } from './get-inclusion.js'
import { getPlace } from './get-place.js'
import { getResult } from './get-result.js'
import { getRound } from './get-round.js'
import { getAnnouncement, getTranscript, inspectTranscript } from './get-transcript.js'
import { listPlaces } from './list-places.js'
import { listSchools } from './list-schools.js'
import { judgeProposals, listProposals } from './proposals.js'
import { proposeRound } from './propose-round.js'
import { publishRound } from './publish-round.js'
import { publishVacancies } from './publish-vacancies.js'
import { release } from './release.js'
import { revealRound } from './reveal-round.js'
import { setPlan } from './set-plan.js'
import { voidRound } from './void-round.js'

const ENDPOINTS = [
  putCatalogue, setPlan, listSchools, choose, freezeRound, commitRound, revealRound, drawRound, checkRound, proposeRound, publishRound, voidRound,
  getRound, getAnnouncement, getTranscript, inspectTranscript, getInclusion, publishVacancies,
  getResult, checkIn, confirm, getPlace, listPlaces, arrange, release,
  listProposals, judgeProposals,
]

/** Every endpoint of this service. */
export const allocationApi = (allocation: Allocation): Mounted[] => ENDPOINTS.map((mount) => mount(allocation))
