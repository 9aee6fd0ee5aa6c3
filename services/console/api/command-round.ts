import type { Request } from '../../../platform/http/index.js'
import { carryOut } from './command.js'
import type { Context } from './context.js'
import { knownSeason } from './scope.js'

/** A request about a round, which may say why. */
type OfRound = Pick<Request, 'caller' | 'receivedAt' | 'idempotencyKey'> & { params: { season: string; phase: string }; body: { reason?: string } }

/**
 * Tells a round what an officer wants, and records it.
 * @param tell gets who asks, and the id of the command
 * @throws Problem `unknown-season`, or as the round refuses
 */
export async function commandRound<R>(context: Context, { params: { season, phase }, body: { reason }, ...request }: OfRound, what: string, tell: (officer: string, id: string) => Promise<R>): Promise<R> {
  await knownSeason(context, season)
  return carryOut(context, request, { what, season, target: phase, ...(reason !== undefined && { reason }) }, (id) => tell(request.caller.subject, id))
}
