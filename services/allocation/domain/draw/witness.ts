import { linesHash } from '../../../../platform/crypto.js'

/** What a witness commits to: its secret, under its name, for one freeze and no other. */
export const commitmentOf = (freezeHash: string, name: string, secret: string): string =>
  linesHash(['ruxue.draw.v1 witness', freezeHash, name, secret])
