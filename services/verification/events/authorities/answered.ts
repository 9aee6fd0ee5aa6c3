import { foldKnowledge } from '../../../../policies/knowledge.js'
import { factsOf } from '../../../../platform/facts/index.js'
import { inTransaction } from '../../../../platform/postgres/index.js'
import { lockOpenWindow } from '../../../../platform/windows/index.js'
import { progressOf, stated, type AuthorityAnswer } from '../../domain/answer.js'
import { isFinal } from '../../domain/case.js'
import { caseFact } from '../../domain/fact.js'
import { lockCase, saveProgress } from '../../store/cases.js'
import type { Database } from '../../store/database.js'
import { questionsOf, recordAnswer, type DueQuestion } from '../../store/questions.js'
import type { CaseTimelines } from '../../store/timelines.js'
import { stateCase } from '../publish.js'

/**
 * Takes an authority's answer: the question, the case, the fact it states and its event in one transaction. An
 * answer that came after the window is late like anybody's.
 * @param receivedAt epoch ms at which the answer came
 * @throws Problem `window-closed`
 */
export async function takeAnswer(
  { database, timelines }: { database: Database; timelines: CaseTimelines },
  question: DueQuestion,
  answer: AuthorityAnswer,
  receivedAt: number,
): Promise<void> {
  const { season, child, phase } = question
  const timeline = await timelines.of(season)
  await inTransaction(database, async (tx) => {
    await lockOpenWindow(tx, season, phase, receivedAt)
    const theCase = await lockCase(tx, question)
    if (!theCase || isFinal(theCase.state)) return
    const declared = foldKnowledge(timeline, (await factsOf(tx, season, child)).filter((fact) => fact.aggregate !== 'case'))
    if (!(await recordAnswer(tx, question, answer, stated(answer, declared.facts[question.fact]?.value)))) return
    const { state, facts } = progressOf(await questionsOf(tx, question))
    const revision = Object.keys(facts).length > 0 ? theCase.revision + 1 : theCase.revision
    await saveProgress(tx, question, state, revision)
    if (revision === theCase.revision) return
    await stateCase(tx, 'authority-answered', caseFact(theCase, revision, facts, state === 'answered' ? state : undefined), receivedAt)
  })
}
