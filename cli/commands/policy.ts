import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { childFact } from '../../contracts/http/common.js'
import { calendarRows, type CalendarRow } from '../../policies/calendar.js'
import { checkPolicy } from '../../policies/check/index.js'
import { compileTimeline } from '../../policies/compile.js'
import { CompressionError, compressTimeline } from '../../policies/compress.js'
import { explainChild, formatExplained, strayNames } from '../../policies/explain.js'
import { formatFault, PolicyFaultsError, type Fault } from '../../policies/fault.js'
import { loadPolicy, PolicyNotFoundError, readPolicyFile } from '../../policies/load.js'
import { parsePolicy } from '../../policies/parse.js'
import { tableOf } from '../table.js'

/** What the commands exit with. */
const EXIT = { ok: 0, faults: 1, unusable: 2 } as const

const EXIT_WORDS = 'Exit codes: 0 all is well, 1 the policy has faults, 2 the input is unusable.'

/** `ruxue policy`: check a policy, show its calendar, explain it for one child. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('check a policy, show its calendar, explain it for one child')
    .addHelpText('after', '\nExamples:\n  ruxue policy check my-city.yaml\n  ruxue policy calendar changchun-2022\n  ruxue policy explain changchun-2022 --child child.json')
    .addCommand(checkCommand())
    .addCommand(calendarCommand())
    .addCommand(explainCommand())
}

function checkCommand(): Command {
  return new Command('check')
    .description('report all faults of a policy at once, each with its line, and how a child could fall through')
    .argument('<file>', 'a policy file, or the id of one that comes with Ruxue')
    .option('--strict', 'warnings count as faults')
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  ruxue policy check policies/changchun-2022.yaml\n\n${EXIT_WORDS}`)
    .action((file: string, options: { strict?: boolean; json?: boolean }) => guarded(() => runCheck(file, options)))
}

async function runCheck(idOrPath: string, { strict, json }: { strict?: boolean; json?: boolean }): Promise<number> {
  const { text, file } = await readPolicyFile(idOrPath)
  const parsed = parsePolicy(text, file)
  const { faults, states } = parsed.ok
    ? checkPolicy({ policy: parsed.policy, timeline: compileTimeline(parsed.policy), source: parsed.source })
    : { faults: parsed.faults, states: 0 }
  const count = (severity: Fault['severity']) => faults.filter((fault) => fault.severity === severity).length
  const counts = { errors: count('error'), warnings: count('warning'), notes: count('note') }
  if (json) print(JSON.stringify({ file, ...counts, sortsOfChildren: states, faults }, null, 2))
  else {
    for (const fault of faults) print(formatFault(fault))
    const explored = states > 0 ? `; ${states} sorts of children led through the season` : '; no child was led through the season'
    print(`${file}: ${counts.errors} errors, ${counts.warnings} warnings, ${counts.notes} notes${explored}`)
  }
  return counts.errors > 0 || (strict && counts.warnings > 0) ? EXIT.faults : EXIT.ok
}

interface CalendarOptions {
  start?: number
  seconds?: number
  minimumWindowMs: number
  json?: boolean
}

function calendarCommand(): Command {
  return new Command('calendar')
    .description('show when each phase opens and closes, for real or compressed for a rehearsal')
    .argument('<id>', 'the id of a policy that comes with Ruxue, or a policy file')
    .option('--start <instant>', 'compress onto this instant (ISO 8601), with --seconds', parseInstant)
    .option('--seconds <n>', 'length of the compressed season, with --start', parsePositive)
    .option('--minimum-window-ms <n>', 'least length of a window that people use', parsePositive, 2000)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  ruxue policy calendar changchun-2022 --start 2026-09-01T08:00:00+08:00 --seconds 120\n\n${EXIT_WORDS}`)
    .action((id: string, options: CalendarOptions) => guarded(() => runCalendar(id, options)))
}

async function runCalendar(id: string, { start, seconds, minimumWindowMs, json }: CalendarOptions): Promise<number> {
  if ((start === undefined) !== (seconds === undefined)) return unusable('--start and --seconds go together')
  const { policy, timeline } = await loadPolicy(id)
  const compressed = start !== undefined && seconds !== undefined ? compressTimeline(timeline, { start, seconds, minimumWindowMs }) : undefined
  const rows = calendarRows(policy, timeline, compressed)
  if (json) {
    print(JSON.stringify({ policy: timeline.policy, timezone: timeline.timezone, calendar: (compressed ?? timeline).calendar, phases: rows }, null, 2))
  } else {
    print(`${timeline.policy.id} version ${timeline.policy.version}, hash ${timeline.policy.hash}, times in ${timeline.timezone}`)
    print(calendarTable(rows))
  }
  return EXIT.ok
}

function calendarTable(rows: CalendarRow[]): string {
  const isCompressed = rows.some((row) => row.compressed)
  const head = ['phase', 'kind', 'owner', 'opens', 'closes', ...(isCompressed ? ['rehearsed from', 'to'] : ['extendable to', 'published'])]
  return tableOf(head, rows.map((row) => [
    row.phase, row.kind, row.owner, row.opens, row.closes,
    ...(row.compressed ? [row.compressed.opens, row.compressed.closes] : [row.latestClosing ?? '', row.publish ?? '']),
  ]))
}

function explainCommand(): Command {
  return new Command('explain')
    .description("tell which phases ask a child and why, with every rule's tree")
    .argument('<id>', 'the id of a policy that comes with Ruxue, or a policy file')
    .requiredOption('--child <facts.json>', 'the facts of the child: a list, or { "facts": [...], "closed": [phases that are over] }')
    .option('--json', 'print JSON')
    .addHelpText('after', `
Example:
  echo '[{ "aggregate": "registration", "id": "information", "revision": 1,
           "facts": { "household.address": "a1" }, "outcomes": { "register": "filed" } }]' > child.json
  ruxue policy explain changchun-2022 --child child.json

${EXIT_WORDS}`)
    .action((id: string, options: { child: string; json?: boolean }) => guarded(() => runExplain(id, options)))
}

const factList = z.array(childFact.partial({ season: true, child: true }))
const childFile = z.union([
  factList.transform((facts) => ({ facts, closed: [] as string[] })),
  z.strictObject({ facts: factList, closed: z.array(z.string()).default([]) }),
])

async function runExplain(id: string, { child, json }: { child: string; json?: boolean }): Promise<number> {
  const { timeline } = await loadPolicy(id)
  const raw = await readJson(child)
  if (!raw.ok) return unusable(raw.why)
  const parsed = (Array.isArray(raw.value) ? childFile.options[0] : childFile.options[1]).safeParse(raw.value)
  if (!parsed.success) return unusable(`${child}:\n${z.prettifyError(parsed.error)}`)
  const { facts, closed } = parsed.data
  const stray = strayNames(timeline, facts, closed)
  if (stray.length > 0) return unusable([`${child}:`, ...stray].join('\n'))
  const explained = explainChild(timeline, facts, closed)
  print(json ? JSON.stringify(explained, null, 2) : formatExplained(explained))
  return EXIT.ok
}

async function readJson(file: string): Promise<{ ok: true; value: unknown } | { ok: false; why: string }> {
  try {
    return { ok: true, value: JSON.parse(await readFile(file, 'utf8')) as unknown }
  } catch (error) {
    return { ok: false, why: `${file}: ${(error as Error).message}` }
  }
}

async function guarded(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run()
  } catch (error) {
    if (error instanceof PolicyFaultsError) process.exitCode = refuse(error.message, EXIT.faults)
    else if (error instanceof PolicyNotFoundError || error instanceof CompressionError) process.exitCode = unusable(error.message)
    else throw error
  }
}

function unusable(why: string): number {
  return refuse(why, EXIT.unusable)
}

function refuse(why: string, code: number): number {
  process.stderr.write(`${why}\n`)
  return code
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function parseInstant(text: string): number {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new InvalidArgumentError('write an instant such as 2026-09-01T08:00:00+08:00')
  return instant
}

function parsePositive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('write a number above 0')
  return value
}
