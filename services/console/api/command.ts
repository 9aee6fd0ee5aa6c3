import { randomUUID } from 'node:crypto'
import type { Request } from '../../../platform/http/index.js'
import { isProblem } from '../../../platform/problem.js'
import { recordAsked, recordResult } from '../store/actions.js'
import type { Context } from './context.js'

/** What an officer asks for, as the action log has it. */
export interface Command {
  what: string
  season?: string
  target?: string
  reason?: string
}

/**
 * Carries out a command and records who gave it, before anything happens, and how it ended.
 * @param run gets the id of the record, which also identifies the command towards a workflow
 */
export async function carryOut<R>(
  { database }: Context,
  request: Pick<Request, 'caller' | 'receivedAt' | 'idempotencyKey'>,
  command: Command,
  run: (id: string) => Promise<R>,
): Promise<R> {
  const id = randomUUID()
  const { subject: who, role } = request.caller
  await recordAsked(database, { id, who, role, at: new Date(request.receivedAt).toISOString(), ...command })
  try {
    const answer = await run(request.idempotencyKey ?? id)
    await recordResult(database, id, 'done')
    return answer
  } catch (error) {
    await recordResult(database, id, isProblem(error) ? 'refused' : 'failed', isProblem(error) ? error.type : 'internal')
    throw error
  }
}
