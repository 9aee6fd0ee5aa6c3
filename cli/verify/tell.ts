import { DRAW_STEPS, type DrawSource, type DrawStepName, type DrawTranscript, type RevealPart } from '../../contracts/draw.js'
import { chainOf, roundInstant } from '../../services/allocation/domain/draw/chains.js'
import type { UnitInDraw } from '../../services/allocation/domain/draw/verify/child.js'
import { isWitness } from '../../services/allocation/domain/draw/verify/committed.js'
import type { Finding } from '../../services/allocation/domain/draw/verify/finding.js'
import { isAbsent, revealedBy } from '../../services/allocation/domain/draw/verify/revealed.js'
import type { Verdict } from '../../services/allocation/domain/draw/verify/verify.js'
import type { Words } from './words.js'

/** Tells in plain words what was done again, step by step, and what came of it. */
export function tellVerdict(transcript: DrawTranscript, verdict: Verdict, words: Words): string[] {
  const { freeze } = transcript
  const { agreed, hash, findings } = verdict
  const units = freeze.groups.reduce((sum, { count }) => sum + count, 0)
  const lines = [words.title(freeze.draw, freeze.run, freeze.groups.length, units)]
  for (const [index, step] of DRAW_STEPS.entries()) {
    const done = transcript[step]
    const { name, again } = words.steps[step]
    lines.push('', `${index + 1}. ${name}${done ? `  ${done.at}` : ''}`)
    if (!done) {
      lines.push(`   ${words.notYet}`)
      continue
    }
    const wrong = findings.filter((finding) => finding.step === step)
    lines.push(...particulars[step](transcript, words, verdict).map((line) => `   ${line}`))
    if (wrong.length === 0) lines.push(`   ✓ ${again}`)
    lines.push(...wrong.flatMap((finding) => tellFinding(finding, words)))
  }
  return [...lines, '', agreed ? words.agreed(hash) : words.disagreed(findings.reduce((sum, { more = 0 }) => sum + 1 + more, 0))]
}

/** What a person may want to compare with what was published. */
const particulars: Record<DrawStepName, (transcript: DrawTranscript, words: Words, verdict: Verdict) => string[]> = {
  freeze: ({ freeze }, words) => freeze.groups.map(({ id, count, list, root }) => words.frozen(id, count, list, root)),
  commit: ({ commit }, words) => {
    const { rule, sources, revealBy, least } = commit!
    const witnesses = sources.filter(isWitness).length
    return [words.rule(rule), ...sources.map((source) => tellSource(source, words)), ...(revealBy === undefined ? [] : [words.revealBy(revealBy, least ?? 0, witnesses)])]
  },
  reveal: ({ reveal, commit, draw }, words) => {
    return [...reveal!.parts.map((part) => tellPart(part, words)), ...(!draw && revealedBy(reveal!) < (commit?.least ?? 0) ? [words.noDraw] : [])]
  },
  draw: ({ draw, groups }, words) => draw!.groups.flatMap(({ id, seed }, index) => {
    const assignments = groups[index]?.result?.assignments
    return assignments ? [words.drawn(id, seed, assignments.filter(({ school }) => school !== null).length, assignments.length)] : []
  }),
  check: ({ check }, words, { groups }) => [
    words.by(check!.by.map(({ name, version }) => `${name} ${version}`).join(', ')),
    ...check!.groups.flatMap((group, index) => {
      if (group.agreed) return []
      const confirmed = groups[index]?.confirmed
      return [...words.held(group.id, group.alarm).split('\n'), ...(confirmed === undefined ? [] : [`  ${words.decidedThen(confirmed)}`])]
    }),
  ],
  publish: ({ groups }, words) => [words.out(groups.flatMap(({ round, result }) => (result ? [round.id] : [])).join(', '))],
}

function tellSource(source: DrawSource, words: Words): string {
  if (source.kind === 'witness') return words.witness(source.name, source.commitment)
  const chain = chainOf(source.chain)
  return words.beacon(source.round, source.chain, chain ? roundInstant(chain, source.round) : '?')
}

function tellPart(part: RevealPart, words: Words): string {
  if (part.kind === 'drand') return words.beaconSigned(part.round)
  return isAbsent(part) ? words.absent(part.name) : words.revealed(part.name, part.at)
}

function tellFinding({ at, what, computed, found, more }: Finding, words: Words): string[] {
  return [
    `   ✗ ${at}`,
    `     ${words.finding[what]}`,
    ...(computed === undefined ? [] : [`     ${words.computed} ${computed}`]),
    ...(found === undefined ? [] : [`     ${words.found} ${found}`]),
    ...(more === undefined ? [] : [`     ${words.more(more)}`]),
  ]
}

/** Tells a family about its unit. */
export function tellUnit({ group, unit, line, index, count, path, ticket, places }: UnitInDraw, { child: words }: Words): string[] {
  const told = places?.flatMap(({ assignment: { applicant, school, choice, reason }, waiting }) => [
    `${school === null ? words.nowhere(applicant) : words.at(applicant, school, choice!)} ${words.reasons[reason]}`,
    ...waiting.map((one) => words.waiting(one.school, one.rank, one.all)),
  ])
  return [
    '', words.title(unit, group), `   ${words.line}`, `   ${line}`, `   ${words.place(index + 1, count, path.length)}`,
    ...(ticket ? [`   ${words.ticket(ticket.ticket, ticket.rank, count)}`, ...(told ?? [words.held]).map((one) => `   ${one}`)] : [`   ${words.noTicket}`]),
  ]
}
