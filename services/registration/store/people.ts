import type { Answers } from '../domain/answers.js'
import type { Tx } from './database.js'

/** Personal data of one child. */
export interface PersonRow {
  child: string
  name: string
  idNumber: string
  guardianName: string
  /** Only for an authority's check. */
  guardianIdNumber?: string
  phone?: string
  email?: string
  answers: Answers
}

/** Personal data of some children, answers of all their forms together, the one filed last on top. */
export async function readPeople(tx: Tx, season: string, children: readonly string[], purpose: string): Promise<PersonRow[]> {
  const rows = await tx.child.findMany({
    where: { season, id: { in: [...children] } },
    include: { forms: { orderBy: { receivedAt: 'asc' } } },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ id, name, idNumber, guardianName, guardianIdNumber, phone, email, forms }) => ({
    child: id,
    name,
    idNumber,
    guardianName,
    ...(purpose === 'authority-check' && { guardianIdNumber }),
    ...(phone !== null && { phone }),
    ...(email !== null && { email }),
    answers: Object.assign({}, ...forms.map((form) => form.answers)) as Answers,
  }))
}

/** Records that personal data was handed out. */
export async function recordDisclosure(tx: Tx, disclosure: { season: string; by: string; purpose: string; children: number }): Promise<void> {
  await tx.disclosure.create({ data: disclosure })
}
