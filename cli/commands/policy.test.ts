import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TOWN, townWith } from '../../policies/policy.fixture.js'
import { useCommand } from './command.fixture.js'
import { policyCommand } from './policy.js'

const { told, run } = useCommand(policyCommand)

async function file(name: string, text: string): Promise<string> {
  const path = join(told.dir, name)
  await writeFile(path, text)
  return path
}

describe('ruxue policy check', () => {
  it('ends with 0 for a sound policy', async () => {
    expect(await run('check', await file('town.yaml', TOWN))).toBe(0)
    expect(told.out).toMatch(/0 errors, 0 warnings, 0 notes; \d+ sorts of children/)
  })

  it('ends with 1 for a policy with faults, each with its line', async () => {
    const path = await file('town.yaml', townWith(['  silent: nothing\n', ''], ['needs: [lives-here]', 'needs: [live-here]']))
    expect(await run('check', path)).toBe(1)
    expect(told.out).toMatch(/town\.yaml:\d+:\d+: error schema: silent is missing/)
    expect(told.out).toMatch(/did you mean lives-here\?/)
  })

  it('tells a story, and says all of it in JSON too', async () => {
    const path = await file('town.yaml', townWith(['undecided: { then: desk }', 'undecided: nothing'], ['who: { seat: none }', 'who: sent']))
    expect(await run('check', path, '--json')).toBe(1)
    const report = JSON.parse(told.out) as { errors: number; faults: { code: string; line: number; story: string[] }[] }
    expect(report).toMatchObject({ errors: 1, faults: [{ code: 'child-without-end' }] })
    expect(report.faults[0]!.story.at(-1)).toBe('The season ends, and the child has neither a seat nor an end.')
  })

  it('counts warnings only when strict', async () => {
    const path = await file('town.yaml', townWith(['  source: come or waive\n', '']))
    expect(await run('check', path)).toBe(0)
    expect(await run('check', path, '--strict')).toBe(1)
  })

  it('ends with 2 when there is no such file', async () => {
    expect(await run('check', join(told.dir, 'none.yaml'))).toBe(2)
    expect(told.err).toMatch(/there is no policy .*none\.yaml/)
  })
})

describe('ruxue policy calendar', () => {
  it('shows the real calendar', async () => {
    expect(await run('calendar', 'changchun-2022', '--json')).toBe(0)
    const { phases } = JSON.parse(told.out) as { phases: { phase: string; opens: string; closes: string }[] }
    expect(phases.find(({ phase }) => phase === 'review')).toMatchObject({ opens: '2022-05-21 00:00', closes: '2022-05-31 24:00' })
    expect(phases.find(({ phase }) => phase === 'zoning')).toMatchObject({ opens: '2022-05-31 24:00', closes: '2022-05-31 24:00' })
  })

  it('shows it beside the compressed one', async () => {
    expect(await run('calendar', 'changchun-2022', '--start', '2030-01-01T00:00:00Z', '--seconds', '120', '--json')).toBe(0)
    const { phases } = JSON.parse(told.out) as { phases: { compressed: { opensAt: number; closesAt: number } }[] }
    expect(phases[0]!.compressed.opensAt).toBe(Date.parse('2030-01-01T00:00:00Z'))
    expect(Math.max(...phases.map(({ compressed }) => compressed.closesAt))).toBe(Date.parse('2030-01-01T00:02:00Z'))
  })

  it('shows a table for people', async () => {
    expect(await run('calendar', 'linhai-2030')).toBe(0)
    expect(told.out).toMatch(/sign-up .*registration .*2030-03-04 08:00 .*2030-03-10 20:00/)
  })

  it('says how short the season can be, if it is asked for less', async () => {
    expect(await run('calendar', 'changchun-2022', '--start', '2030-01-01T00:00:00Z', '--seconds', '5')).toBe(2)
    expect(told.err).toMatch(/needs? at least \d+ s/)
  })

  it('wants a start with the seconds', async () => {
    expect(await run('calendar', 'changchun-2022', '--seconds', '120')).toBe(2)
  })
})

describe('ruxue policy explain', () => {
  const facts = [
    { aggregate: 'registration', id: 'information', revision: 1, outcomes: { register: 'filed' }, facts: { 'household.address': 'a1' } },
  ]

  it('tells which phases ask a child and why', async () => {
    const path = await file('child.json', JSON.stringify({ facts, closed: ['register', 'register-on-site', 'police-check'] }))
    expect(await run('explain', 'changchun-2022', '--child', path)).toBe(0)
    expect(told.out).toMatch(/police-check \(check, .*\): asks the child; outcome silent/)
    expect(told.out).toMatch(/rule two-consistences .*: unknown/)
    expect(told.out).toMatch(/household\.address = a1 \(declared, not yet confirmed\)/)
  })

  it('says the same in JSON', async () => {
    const path = await file('child.json', JSON.stringify(facts))
    expect(await run('explain', 'changchun-2022', '--child', path, '--json')).toBe(0)
    const explained = JSON.parse(told.out) as { phases: { phase: string; allowed: string }[]; rules: { rule: string; verdict: string }[] }
    expect(explained.phases.find(({ phase }) => phase === 'review')?.allowed).toBe('yes')
    expect(explained.rules).toContainEqual(expect.objectContaining({ rule: 'two-consistences', verdict: 'unknown' }))
  })

  it.each([
    ['no JSON', 'nonsense', /child\.json/],
    ['a field that facts do not have', JSON.stringify([{ ...facts[0], colour: 'blue' }]), /colour/],
    ['a phase that the policy does not have', JSON.stringify([{ ...facts[0], outcomes: { registr: 'filed' } }]), /facts\.0\.outcomes\.registr/],
    ['a fact that the policy does not have', JSON.stringify([{ ...facts[0], facts: { shoes: 1 } }]), /facts\.0\.facts\.shoes/],
  ])('ends with 2 on %s, saying where', async (_what, text, where) => {
    expect(await run('explain', 'changchun-2022', '--child', await file('child.json', text))).toBe(2)
    expect(told.err).toMatch(where)
  })
})
