import { factsOfMany } from '../../../platform/facts/index.js'
import type { Log } from '../../../platform/log.js'
import type { Database } from '../store/database.js'
import { giveBackMessage, type DueMessage } from '../store/messages.js'
import { papersByNumber } from '../store/papers.js'
import type { Timelines } from '../../../platform/windows/index.js'
import { peopleFor, type PeopleClient, type Person } from './people.js'
import { gather, type Unaddressed } from './rendering.js'

/** A message with all that is needed to send it. */
export interface Letter {
  message: DueMessage
  content: Unaddressed
  /** Absent while registration does not know the child. */
  person: Person | undefined
  /** The child has left the season. */
  left: boolean
}

export interface LetterOptions {
  database: Database
  timelines: Timelines
  registration: PeopleClient
  log: Log
  /** How long messages wait, in ms, while registration is away. */
  pauseMs: number
}

/**
 * Gathers what some messages need, a season at once; while registration is away its messages wait, however long,
 * and that is no attempt.
 */
export async function prepare(options: LetterOptions, messages: readonly DueMessage[]): Promise<Letter[]> {
  const letters: Letter[] = []
  for (const season of new Set(messages.map((message) => message.season))) {
    const those = messages.filter((message) => message.season === season)
    try {
      letters.push(...(await prepareSeason(options, season, those)))
    } catch (error) {
      options.log.warn({ err: error, season }, 'messages cannot be prepared now')
      for (const { id } of those) await giveBackMessage(options.database, id, options.pauseMs, 'not-prepared')
    }
  }
  return letters
}

async function prepareSeason({ database, timelines, registration }: LetterOptions, season: string, messages: readonly DueMessage[]): Promise<Letter[]> {
  const children = [...new Set(messages.map(({ child }) => child))]
  const [people, facts, papers] = await Promise.all([
    peopleFor(registration, season, children, 'message'),
    factsOfMany(database, season, children),
    papersByNumber(database, season, messages.map(({ number }) => number)),
  ])
  const contents = await gather(database, timelines, season, [...papers.values()])
  return messages.map((message) => {
    const content = contents.get(message.number)
    if (!content) throw new Error(`message ${message.id} is about a paper that is not there`)
    const left = facts.get(message.child)?.some(({ aggregate }) => aggregate === 'withdrawal') ?? false
    return { message, content, person: people.get(message.child), left }
  })
}
