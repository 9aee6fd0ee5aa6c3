import type { Mounted } from '../../../platform/http/index.js'
import { approveRound } from './approve-round.js'
import { arrangeChild } from './arrange-child.js'
import type { Context } from './context.js'
import { extendPhase } from './extend-phase.js'
import { flagChild } from './flag-child.js'
import { getChild } from './get-child.js'
import { getFigures } from './get-figures.js'
import { listActions } from './list-actions.js'
import { listArrangementCases } from './list-arrangement-cases.js'
import { listChildren } from './list-children.js'
import { listDeadLetters } from './list-dead-letters.js'
import { listPhases } from './list-phases.js'
import { listRounds } from './list-rounds.js'
import { listSeasons } from './list-seasons.js'
import { recheckRound } from './recheck-round.js'
import { replayDeadLetter } from './replay-dead-letter.js'
import { restartRound } from './restart-round.js'
import { startSeason } from './start-season.js'
import { stream } from './stream.js'
import { voidRound } from './void-round.js'

const ENDPOINTS: readonly ((context: Context) => Mounted)[] = [
  startSeason, listSeasons, getFigures, listPhases, listRounds,
  listChildren, getChild, listArrangementCases, extendPhase, approveRound, recheckRound, voidRound, restartRound, flagChild, arrangeChild,
  listActions, listDeadLetters, replayDeadLetter, stream,
]

/** All endpoints of `contracts/http/console.ts`. */
export const consoleApi = (context: Context): Mounted[] => ENDPOINTS.map((mount) => mount(context))
