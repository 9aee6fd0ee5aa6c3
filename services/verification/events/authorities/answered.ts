import { factsOf } from '../../../../platform/facts/index.js'
import { inTransaction } from '../../../../platform/postgres/index.js'
import { lockOpenWindow } from '../../../../platform/windows/index.js'
import { progressOf, replyOf, type FactAnswer } from '../../domain/answer.js'
import { isFinal } from '../../domain/case.js'
import { caseFact } from '../../domain/fact.js'
import { lockCase, saveProgress } from '../../store/cases.js'
import type { Database } from '../../store/database.js'
import { recordReply, repliesOf, type DueQuestion } from '../../store/questions.js'
import type { CaseTimelines } from '../../store/timelines.js'
import { stateCase } from '../publish.js'

/**
 * Takes an authority's answer: the question, the case, the facts it states and their event in one transaction. An
 * answer that came after the window is late like anybody's.
 * @param receivedAt epoch ms at which the answer came
 * @throws Problem `window-closed`, UnfitAnswer
 */
export async function takeAnswer(
  { database, timelines }: { database: Database; timelines: CaseTimelines },
  question: DueQuestion,
  answers: Record<string, FactAnswer>,
  receivedAt: number,
): Promise<void> {
  const { season, child } = question
  const { timeline, phase } = await timelines.check(season, question.phase)
  await inTransaction(database, async (tx) => {
    await lockOpenWindow(tx, season, phase.id, receivedAt)
    const theCase = await lockCase(tx, question)
    if (!theCase || isFinal(theCase.state)) return
    const known = await factsOf(tx, season, child)
    if (!(await recordReply(tx, question, replyOf(timeline, phase.answers, known, answers)))) return
    const { state, ...stated } = progressOf(timeline, phase.answers, await repliesOf(tx, question, phase.by), known)
    const revision = Object.keys(stated.facts).length + stated.none.length > 0 ? theCase.revision + 1 : theCase.revision
    await saveProgress(tx, question, state, revision)
    if (revision === theCase.revision) return
    await stateCase(tx, 'authority-answered', caseFact(timeline, theCase, revision, stated, state === 'answered' ? state : undefined), receivedAt)
  })
}
