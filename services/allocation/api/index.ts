import type { Mounted } from '../../../platform/http/index.js'
import type { Allocation } from './allocation.js'
import { arrange } from './arrange.js'
import { putCatalogue } from './catalogue.js'
import { checkIn } from './check-in.js'
import { choose } from './choose.js'
import { confirm } from './confirm.js'
import { decideRound } from './decide-round.js'
import { freezeRound } from './freeze-round.js'
import { getPlace } from './get-place.js'
import { getResult } from './get-result.js'
import { getRound } from './get-round.js'
import { listPlaces } from './list-places.js'
import { listSchools } from './list-schools.js'
import { judgeProposals, listProposals } from './proposals.js'
import { publishRound } from './publish-round.js'
import { publishVacancies } from './publish-vacancies.js'
import { release } from './release.js'

const ENDPOINTS = [
  putCatalogue, listSchools, choose, freezeRound, decideRound, publishRound, getRound, publishVacancies,
  getResult, checkIn, confirm, getPlace, listPlaces, arrange, release,
  listProposals, judgeProposals,
]

/** Every endpoint of this service. */
export const allocationApi = (allocation: Allocation): Mounted[] => ENDPOINTS.map((mount) => mount(allocation))
