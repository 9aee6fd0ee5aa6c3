import { z } from 'zod'
import { witnessEndpoints } from '../../../contracts/http/witness.js'
import { createClient } from '../../../platform/http/client.js'
import { RandomnessNotYet, RandomnessUntrue, type RandomnessSource } from '../domain/draw/source.js'
import { commitmentOf } from '../domain/draw/witness.js'

export interface WitnessOptions {
  name: string
  /** Where its endpoints are; docs/draw.md has the protocol. */
  baseUrl: string
  timeoutMs: number
}

/** `name=address`, comma-separated, as the configuration names witnesses. */
export const witnessList = z.string().transform((text) => text.split(',').map((one) => one.trim()).filter(Boolean))
  .pipe(z.array(z.string().regex(/^[^=]+=https?:\/\/.+$/, 'each witness is name=http://…').transform((one) => {
    const [name, ...address] = one.split('=')
    return { name: name!.trim(), baseUrl: address.join('=').trim() }
  })))

/** An organisation that chooses a secret for a freeze and shows it when the commit is public. Its answer is not trusted. */
export function witnessSource({ name, baseUrl, timeoutMs }: WitnessOptions): RandomnessSource {
  const witness = createClient(witnessEndpoints, { baseUrl, timeoutMs })
  return {
    kind: 'witness',
    name,
    commit: async (freeze) => {
      const { commitment } = await answerOf(name, () => witness.commit({ body: { name, freeze } }))
      return { kind: 'witness', name, commitment }
    },
    reveal: async (commit) => {
      const source = commit.sources.find((one) => one.kind === 'witness' && one.name === name)
      if (source?.kind !== 'witness') throw new Error(`The commit does not name ${name}`)
      const { secret } = await answerOf(name, () => witness.reveal({ body: { name, commit } }))
      if (commitmentOf(commit.previous, name, secret) !== source.commitment) throw new RandomnessUntrue(`${name} has another secret than it committed itself to`)
      return { kind: 'witness', name, secret }
    },
  }
}

/** Whatever goes wrong with another's answer, it has not answered. */
async function answerOf<R>(name: string, ask: () => Promise<R>): Promise<R> {
  try {
    return await ask()
  } catch (error) {
    throw new RandomnessNotYet(`${name} does not answer`, { cause: error })
  }
}
