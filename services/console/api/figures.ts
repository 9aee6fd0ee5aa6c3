import type { z } from 'zod'
import type { EnrollmentStatus } from '../../../contracts/enrollment.js'
import type { figures } from '../../../contracts/http/console-views.js'
import { countWaiting } from '../store/dead-letters.js'
import { readFigures } from '../store/figures.js'
import type { Context } from './context.js'

export type FiguresView = z.output<typeof figures>

/** @param district only this district's children */
export async function figuresOf({ database }: Pick<Context, 'database'>, season: string, district?: string): Promise<FiguresView> {
  const [{ counts, ...rest }, deadLetters] = await Promise.all([readFigures(database, season, district), countWaiting(database)])
  const view: FiguresView = { season, children: 0, byStatus: {}, byDistrict: {}, deadLetters, ...rest }
  for (const { status, district: of, count } of counts) {
    const key = status as EnrollmentStatus
    view.children += count
    view.byStatus[key] = (view.byStatus[key] ?? 0) + count
    const there = (view.byDistrict[of] ??= {})
    there[key] = (there[key] ?? 0) + count
  }
  return view
}
