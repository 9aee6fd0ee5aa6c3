import type { Command } from 'commander'

const WRONG_USAGE = 2

/** Lets wrong usage end with 2 and not with commander's 1, for commands of which 1 is a verdict on their file. */
export const usageApart = (command: Command): Command => command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USAGE))
