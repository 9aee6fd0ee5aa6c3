import type { DrawGroup, DrawTranscript, FrozenGroup } from '../../../../../contracts/draw.js'
import { freezeGroup, type Frozen } from '../freeze.js'
import { roundFaults } from '../round-faults.js'
import { byText } from '../../rounds/list.js'
import type { Chain } from './chain.js'
import type { Findings } from './finding.js'

/** What is to be known of a group for its draw. */
export interface CheckedFreeze extends Frozen {
  /** The hash of the list as it was frozen. */
  list: string
  /** Nothing is wrong with the round, so that it can be decided. */
  isSound: boolean
}

/** Checks that the groups are what was frozen. */
export function checkFreeze({ groups, freeze }: DrawTranscript, chain: Chain, findings: Findings): CheckedFreeze[] {
  const seen = new Set<string>()
  for (const [index, { round: { id } }] of groups.entries()) {
    if (seen.has(id)) findings.add('freeze', ['groups', index, 'round', 'id'], 'same-group', { found: id })
    seen.add(id)
  }
  if (groups.length !== freeze.groups.length) findings.compare('freeze', ['freeze', 'groups'], 'groups-differ', groups.length, freeze.groups.length)
  return groups.map((group, index) => checkGroup(group, freeze.groups[index], index, chain.isIntact('freeze'), findings))
}

/** @param isIntact whether the step is as it was; then whatever differs from it was changed in the group */
function checkGroup({ round, entries }: DrawGroup, recorded: FrozenGroup | undefined, index: number, isIntact: boolean, findings: Findings): CheckedFreeze {
  const faults = roundFaults(round)
  for (const { at, message } of faults) findings.add('freeze', ['groups', index, 'round', ...at.split('/').slice(1)], 'round-fault', { found: message })
  for (const list of ['schools', 'applicants'] as const) {
    round[list].forEach(({ id }, at) => {
      if (at > 0 && byText(round[list][at - 1]!.id, id) >= 0) findings.add('freeze', ['groups', index, 'round', list, at], 'not-in-order', { found: id })
    })
  }
  const frozen = freezeGroup(round)
  if (recorded) {
    const { group } = frozen
    const place = (member: 'id' | 'schools' | 'setting') => (isIntact ? ['groups', index, 'round', ...(member === 'schools' ? [member] : [])] : ['freeze', 'groups', index, member])
    findings.compare('freeze', place('id'), 'groups-differ', group.id, recorded.id)
    const isListed = checkEntries(frozen, entries, index, recorded, findings)
    findings.compare('freeze', ['freeze', 'groups', index, 'count'], 'count-differs', group.count, recorded.count)
    if (isListed) {
      findings.compare('freeze', ['freeze', 'groups', index, 'list'], 'list-differs', group.list, recorded.list)
      findings.compare('freeze', ['freeze', 'groups', index, 'root'], 'root-differs', group.root, recorded.root)
    }
    findings.compare('freeze', place('schools'), 'schools-differ', group.schools, recorded.schools)
    findings.compare('freeze', place('setting'), 'setting-differs', group.setting, recorded.setting)
  }
  return { ...frozen, list: isIntact && recorded ? recorded.list : frozen.group.list, isSound: faults.length === 0 }
}

/** @returns whether the entries are those of the lines; if one is not, the list and the root differ for this reason */
function checkEntries(frozen: Frozen, entries: DrawGroup['entries'], index: number, recorded: FrozenGroup, findings: Findings): boolean {
  // Where the lines still give the root, an entry was changed; else an applicant.
  if (frozen.group.root !== recorded.root) return checkApplicants(frozen, entries, index, findings)
  const path = ['groups', index, 'entries']
  findings.compare('freeze', path, 'entries-differ', frozen.entries.length, entries.length)
  for (const [entry, { unit, leaf }] of frozen.entries.entries()) {
    const found = entries[entry]
    if (!found) break
    findings.compare('freeze', [...path, entry, 'unit'], 'entries-differ', unit, found.unit)
    findings.compare('freeze', [...path, entry, 'leaf'], 'leaf-differs', leaf, found.leaf)
  }
  return true
}

function checkApplicants({ lines, entries: computed }: Frozen, entries: DrawGroup['entries'], index: number, findings: Findings): boolean {
  const path = ['groups', index, 'round', 'applicants']
  const missing = new Map(entries.map(({ unit, leaf }) => [unit, leaf]))
  let areAsFrozen = true
  for (const [at, { unit, leaf }] of computed.entries()) {
    const found = missing.get(unit)
    missing.delete(unit)
    if (found === leaf) continue
    areAsFrozen = false
    for (const applicant of lines[at]!.applicants) findings.add('freeze', [...path, applicant], 'applicant-changed', { computed: leaf, found })
  }
  for (const unit of missing.keys()) findings.add('freeze', path, 'applicant-missing', { found: unit })
  return areAsFrozen && missing.size === 0
}
