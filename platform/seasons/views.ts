import type { z } from 'zod'
import type { phaseClose, phaseWindow } from '../../contracts/http/seasons.js'
import type { PhaseKind } from '../../policies/language.js'
import { readSeason } from '../windows/season.js'
import { windowsOf, type PhaseWindow, type WindowClose } from '../windows/read.js'
import type { Sql } from '../postgres/sql.js'

const iso = (at: number): string => new Date(at).toISOString()

export const closeView = (phase: string, closed: WindowClose): z.input<typeof phaseClose> => ({
  phase,
  closedAt: iso(closed.closedAt),
  count: closed.count,
  digest: closed.digest,
})

export const windowView = ({ phase, kind, opensAt, closesAt, closed }: PhaseWindow): z.input<typeof phaseWindow> => ({
  phase,
  kind: kind as PhaseKind,
  opensAt: iso(opensAt),
  closesAt: iso(closesAt),
  ...(closed && { closed: closeView(phase, closed) }),
})

export async function seasonView(sql: Sql, season: string) {
  const { policyHash, state } = await readSeason(sql, season)
  return { season, policyHash, state, windows: (await windowsOf(sql, season)).map(windowView) }
}
