import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { tellFailure } from '../failure.js'
import { useCommand } from './command.fixture.js'
import { rehearseCommand } from './rehearse.js'
import { startCommand } from './start.js'

const { told, run } = useCommand(() => new Command().addCommand(startCommand()).addCommand(rehearseCommand()))
const codeOf = (command: Promise<unknown>) => command.then(() => 0, tellFailure)

describe('a rehearsal of too few children', () => {
  it.each(['start', 'rehearse'])('is refused by %s in one line, before anything starts', async (command) => {
    const state = join(told.dir, 'state')
    expect(await codeOf(run(command, '--policy', 'jiulongpo-2023-primary', '--children', '60', '--state', state))).toBe(2)
    expect(told.err).toMatch(/^a rehearsal needs at least \d+ children, so that every life occurs\n$/)
    expect(existsSync(state)).toBe(false)
  })

  it('need not be tried: the help says how many there must be', () => {
    expect(startCommand().helpInformation().replace(/\s+/g, ' ')).toMatch(/made-up children \(at least \d+; \d+ for jiulongpo-2023-primary/)
  })
})
