import type { Clock } from '../../../../platform/clock.js'
import { Unreachable } from '../../../../platform/http/index.js'
import { withIds, type Log } from '../../../../platform/log.js'
import { createPoller, type Poller } from '../../../../platform/poller.js'
import { isProblem } from '../../../../platform/problem.js'
import { inquiryOf, type Person } from '../../domain/inquiry.js'
import type { Database } from '../../store/database.js'
import { claimQuestions, postponeQuestion, type DueQuestion } from '../../store/questions.js'
import type { CaseTimelines } from '../../store/timelines.js'
import { takeAnswer } from './answered.js'
import type { Authority } from './authority.js'
import { peopleFor, type PeopleClient } from './people.js'

export interface InquiryOptions {
  database: Database
  timelines: CaseTimelines
  authorities: readonly Authority[]
  registration: PeopleClient
  clock: Clock
  log: Log
  /** Counts what came of each time an authority was asked. */
  count(authority: string, result: string): void
  /** Questions under way at once. */
  concurrency: number
  /** Longest wait for questions that nobody announced, in ms. */
  pollMs: number
  /** How long whoever takes a question has it, in ms; longer than an authority's timeout. */
  leaseMs: number
  /** Wait after the first failure, doubled after each further one up to the longest; both in ms. */
  retryMs: number
  longestRetryMs: number
}

interface Prepared {
  question: DueQuestion
  person: Person | undefined
}

/** Asks the authorities what cases want to know, again and again until they answer or the window closes. */
export function inquiries(options: InquiryOptions): Poller {
  const byName = new Map(options.authorities.map((authority) => [authority.name, authority]))
  return createPoller<Prepared>({
    name: 'verification-inquiries',
    log: options.log,
    concurrency: options.concurrency,
    pollMs: options.pollMs,
    claim: async (limit) => prepare(options, await claimQuestions(options.database, [...byName.keys()], limit, options.leaseMs)),
    work: async ({ question, person }, signal) => {
      const authority = byName.get(question.authority)
      if (!authority) return
      await askOne(options, authority, question, person, signal)
    },
  })
}

/** Fetches the people of several questions at once; without them the questions are put back. */
async function prepare(options: InquiryOptions, questions: DueQuestion[]): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  for (const season of new Set(questions.map((question) => question.season))) {
    const those = questions.filter((question) => question.season === season)
    try {
      const people = await peopleFor(options.registration, season, those.map(({ child }) => child))
      prepared.push(...those.map((question) => ({ question, person: people.get(question.child) })))
    } catch (error) {
      options.log.warn({ err: error, season }, 'registration does not say who to ask about')
      for (const question of those) await postponeQuestion(options.database, question, options.retryMs, 'registration')
    }
  }
  return prepared
}

async function askOne(options: InquiryOptions, authority: Authority, question: DueQuestion, person: Person | undefined, signal: AbortSignal): Promise<void> {
  const log = withIds(options.log, { child: question.child, season: question.season })
  if (!person) {
    await postpone(options, question, 'nobody-known')
    return
  }
  try {
    const { timeline, phase } = await options.timelines.check(question.season, question.phase)
    const answers = await authority.ask(inquiryOf(timeline, `${question.phase}.${question.child}`, phase.answers, person), signal)
    await takeAnswer(options, question, answers, options.clock.now())
    options.count(authority.name, Object.values(answers).some(({ says }) => says === 'unknown') ? 'unknown' : 'answered')
  } catch (error) {
    const cause = causeOf(error)
    options.count(authority.name, cause)
    log.info({ authority: authority.name, cause, attempts: question.attempts }, 'no answer, asking again while the window is open')
    await postpone(options, question, cause)
  }
}

const causeOf = (error: unknown): string =>
  isProblem(error) ? error.type : error instanceof Unreachable ? 'unreachable' : error instanceof Error ? error.name : 'unknown'

const LARGEST_DOUBLING = 16

function postpone(options: InquiryOptions, question: DueQuestion, cause: string): Promise<void> {
  const doubled = options.retryMs * 2 ** Math.min(question.attempts - 1, LARGEST_DOUBLING)
  return postponeQuestion(options.database, question, Math.min(options.longestRetryMs, doubled), cause)
}
