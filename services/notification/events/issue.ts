import type { DuePaper } from '../domain/news.js'
import type { Tx } from '../store/database.js'
import { queueMessages } from '../store/messages.js'
import { insertPapers, numbered, withoutIssued } from '../store/papers.js'
import { tellPapers } from './publish.js'

/** Issues those of some papers of a season that are not issued yet, tells of them and queues their messages. */
export async function issuePapers(tx: Tx, season: string, due: readonly DuePaper[], issuedAt: number): Promise<void> {
  if (due.length === 0) return
  const fresh = await withoutIssued(tx, season, due)
  if (fresh.length === 0) return
  const papers = await numbered(tx, season, fresh, issuedAt)
  await insertPapers(tx, papers)
  await queueMessages(tx, papers)
  await tellPapers(tx, papers)
}
