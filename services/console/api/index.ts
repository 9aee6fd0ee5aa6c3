import type { Mounted } from '../../../platform/http/index.js'
import { mountListPhases, mountListRounds, mountListSeasons } from './calendar.js'
import { mountGetChild, mountListChildren } from './children.js'
import type { Context } from './context.js'
import { mountListDeadLetters, mountReplayDeadLetter } from './dead-letters.js'
import { mountArrangeChild, mountFlagChild, mountListArrangementCases } from './desk.js'
import { mountGetFigures } from './figures.js'
import { mountExtendPhase, mountListActions, mountStartSeason } from './season-commands.js'
import { mountStream } from './stream.js'

const ENDPOINTS: readonly ((context: Context) => Mounted)[] = [
  mountStartSeason, mountListSeasons, mountGetFigures, mountListPhases, mountListRounds,
  mountListChildren, mountGetChild, mountListArrangementCases, mountExtendPhase, mountFlagChild, mountArrangeChild,
  mountListActions, mountListDeadLetters, mountReplayDeadLetter, mountStream,
]

/** All endpoints of `contracts/http/console.ts`. */
export const consoleApi = (context: Context): Mounted[] => ENDPOINTS.map((mount) => mount(context))
