import logUpdate from 'log-update'
import type { Stage } from './actors/stage.js'
import { pause } from './actors/stage.js'

const REFRESH_MS = 1_000
const BAR = 40

type Api = Stage['apis']['console']
type Figures = Awaited<ReturnType<Api['getFigures']>>
type Phases = Awaited<ReturnType<Api['listPhases']>>['phases']

interface Frame {
  figures: Figures
  phases: Phases
  workflowsPerSecond: number
  eventsPerSecond: number
}

/**
 * Shows the season while it moves: a picture that redraws itself in a terminal, a line at every change of the calendar
 * elsewhere. Ends when `signal` is aborted.
 */
export async function showSeason(stage: Stage, signal: AbortSignal, stream: NodeJS.WriteStream = process.stderr): Promise<void> {
  const live = stream.isTTY ? liveView(stage) : plainView(stage, stream)
  let before: { at: number; figures: Figures } | undefined
  while (!signal.aborted) {
    const token = await stage.identity.staff({ subject: 'desk-city', role: 'city' })
    const params = { season: stage.season }
    const seen = await Promise.all([stage.apis.console.getFigures({ token, params }), stage.apis.console.listPhases({ token, params })]).catch(() => undefined)
    if (seen) {
      const [figures, { phases }] = seen
      const seconds = before ? Math.max(0.001, (Date.now() - before.at) / 1000) : 1
      live.show({
        figures,
        phases,
        workflowsPerSecond: before ? (figures.children - before.figures.children) / seconds : 0,
        eventsPerSecond: before ? (figures.events - before.figures.events) / seconds : 0,
      })
      before = { at: Date.now(), figures }
    }
    await pause(REFRESH_MS)
  }
  live.end()
}

function liveView(stage: Stage): { show(frame: Frame): void; end(): void } {
  return {
    show: (frame) => logUpdate([calendarBar(stage), openPhases(frame.phases), statuses(frame.figures), rates(frame)].join('\n')),
    end: () => logUpdate.done(),
  }
}

function plainView(stage: Stage, stream: NodeJS.WriteStream): { show(frame: Frame): void; end(): void } {
  let last = ''
  return {
    show(frame) {
      const now = openPhases(frame.phases)
      if (now === last) return
      last = now
      stream.write(`${calendarBar(stage)}  ${now}  |  ${statuses(frame.figures)}  |  ${rates(frame)}\n`)
    },
    end: () => undefined,
  }
}

function calendarBar({ timeline }: Stage): string {
  const share = Math.min(1, Math.max(0, (Date.now() - timeline.opensAt) / (timeline.closesAt - timeline.opensAt)))
  const done = Math.round(share * BAR)
  return `[${'='.repeat(done)}${' '.repeat(BAR - done)}] ${String(Math.round(share * 100)).padStart(3)} %`
}

function openPhases(phases: Phases): string {
  const open = phases.filter(({ state }) => state === 'open').map(({ phase }) => phase)
  const next = phases.find(({ state }) => state === 'upcoming')?.phase
  return `open: ${open.join(', ') || 'nothing'}${next === undefined ? '' : `, next: ${next}`}`
}

const statuses = ({ byStatus }: Figures): string =>
  Object.entries(byStatus).map(([status, count]) => `${status} ${count}`).join(', ') || 'no children yet'

const rates = ({ workflowsPerSecond, eventsPerSecond }: Frame): string =>
  `${workflowsPerSecond.toFixed(0)} workflows/s, ${eventsPerSecond.toFixed(0)} events/s`
