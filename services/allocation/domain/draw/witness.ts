import { sha256Hex } from '../../../../platform/crypto.js'

/** What a witness commits to: its secret, under its name, for one freeze and no other. */
export const commitmentOf = (freezeHash: string, name: string, secret: string): string =>
  sha256Hex(`ruxue.draw.v1 witness\n${freezeHash}\n${name}\n${secret}\n`)
