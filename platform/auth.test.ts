import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from './testing/until.js'
import { createIssuer, createVerifier, ensureTokenKeys, generateTokenKeys, tokenSource } from './auth.js'

let dir: string
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'ruxue-keys-')) })
afterEach(() => rm(dir, { recursive: true }))

it('a token speaks for its caller, with role and scope', async () => {
  const keys = await generateTokenKeys()
  const caller = { subject: 'reviewer', role: 'school', school: 's-1' } as const
  const token = await (await createIssuer(keys)).sign(caller, 60)
  expect(await (await createVerifier(keys)).verify(token)).toEqual(caller)
})

it('a token that expired says so', async () => {
  const keys = await generateTokenKeys()
  const token = await (await createIssuer(keys)).sign({ subject: 'x', role: 'city' }, -10)
  await expect((await createVerifier(keys)).verify(token)).rejects.toThrow('The token has expired')
})

it('a token that was good is refused once it has expired', async () => {
  const keys = await generateTokenKeys()
  const token = await (await createIssuer(keys)).sign({ subject: 'x', role: 'city' }, 1)
  const verifier = await createVerifier(keys)
  expect(await verifier.verify(token)).toMatchObject({ subject: 'x' })
  await until(() => verifier.verify(token).then(() => 'good', (error: Error) => error.message), (answer) => answer.endsWith('The token has expired'))
})

it('local keys are made once, and only their owner may read them', async () => {
  const path = join(dir, 'state', 'keys.json')
  const made = await ensureTokenKeys(path)
  expect(await ensureTokenKeys(path)).toEqual(made)
  expect((await stat(path)).mode & 0o077).toBe(0)
})

it('two processes that make the local keys at the same time end up with the same', async () => {
  const path = join(dir, 'keys.json')
  const all = await Promise.all(Array.from({ length: 8 }, () => ensureTokenKeys(path)))
  for (const keys of all) expect(keys).toEqual(all[0])
})

it('keys without their private part only verify', async () => {
  const { public: publicPart } = await generateTokenKeys()
  await expect(createIssuer({ public: publicPart })).rejects.toThrow('only verify')
})

it('a token source signs again only when half of a token’s life is over', async () => {
  let signed = 0
  const source = tokenSource({ sign: async () => `token-${(signed += 1)}` }, { subject: 'x', role: 'service' }, 600)
  expect([await source(), await source()]).toEqual(['token-1', 'token-1'])
  const hasty = tokenSource({ sign: async () => `token-${(signed += 1)}` }, { subject: 'x', role: 'service' }, 0)
  expect([await hasty(), await hasty()]).toEqual(['token-2', 'token-3'])
})
