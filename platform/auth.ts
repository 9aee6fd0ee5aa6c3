import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LRUCache } from 'lru-cache'
import { SignJWT, errors, exportJWK, generateKeyPair, importJWK, jwtVerify, type JWK } from 'jose'
import { z } from 'zod'
import { ROLES, type Caller } from '../contracts/roles.js'
import { problem } from './problem.js'

const ALGORITHM = 'EdDSA'
const ISSUER = 'ruxue'

/** An Ed25519 key pair as JWKs; `private` is absent where tokens are only verified. */
export interface TokenKeys {
  public: JWK
  private?: JWK
}

export interface Issuer {
  /** Signs a bearer token for a caller, valid for `ttlSeconds`. */
  sign(caller: Caller, ttlSeconds: number): Promise<string>
}

export interface Verifier {
  /**
   * The caller a bearer token speaks for.
   * @throws Problem `unauthenticated`
   */
  verify(token: string): Promise<Caller>
}

const claims = z.object({
  sub: z.string().min(1),
  /** Seconds since 1970. */
  exp: z.number(),
  role: z.enum(ROLES),
  school: z.string().optional(),
  district: z.string().optional(),
})

export async function generateTokenKeys(): Promise<Required<TokenKeys>> {
  const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
  return { public: await exportJWK(pair.publicKey), private: await exportJWK(pair.privateKey) }
}

/** The keys in a file: `{ "public": JWK, "private"?: JWK }`. */
export async function readTokenKeys(path: string): Promise<TokenKeys> {
  const parsed = z
    .object({ public: z.record(z.string(), z.unknown()), private: z.record(z.string(), z.unknown()).optional() })
    .safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path}: expected { "public": JWK, "private"?: JWK }`)
  return parsed.data as TokenKeys
}

/** The local issuer's keys: read from the file, or made and written there whole
 * (only the owner may read it), once if several processes ask. */
export async function ensureTokenKeys(path: string): Promise<TokenKeys> {
  try {
    return await readTokenKeys(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(await generateTokenKeys()), { mode: 0o600 })
  try {
    await link(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return readTokenKeys(path)
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** @throws Error if the keys have no private part */
export async function createIssuer(keys: TokenKeys): Promise<Issuer> {
  if (!keys.private) throw new Error('These token keys can only verify: the private part is missing')
  const key = await importJWK(keys.private, ALGORITHM)
  return {
    sign: ({ subject, role, school, district }, ttlSeconds) =>
      new SignJWT({ role, ...(school !== undefined && { school }), ...(district !== undefined && { district }) })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setIssuedAt()
        .setExpirationTime(`${ttlSeconds}s`)
        .sign(key),
  }
}

/** So many tokens whose signature was found good are remembered until they expire: callers send the same one again and again. */
const REMEMBERED_TOKENS = 10_000

export async function createVerifier(keys: TokenKeys): Promise<Verifier> {
  const key = await importJWK(keys.public, ALGORITHM)
  const known = new LRUCache<string, Caller>({ max: REMEMBERED_TOKENS })
  return {
    async verify(token) {
      const before = known.get(token)
      if (before) return before
      try {
        const { payload } = await jwtVerify(token, key, { issuer: ISSUER, audience: ISSUER, algorithms: [ALGORITHM] })
        const { sub, exp, role, school, district } = claims.parse(payload)
        const caller: Caller = { subject: sub, role, ...(school !== undefined && { school }), ...(district !== undefined && { district }) }
        known.set(token, caller, { ttl: Math.max(1, exp * 1000 - Date.now()) })
        return caller
      } catch (error) {
        throw problem('unauthenticated', error instanceof errors.JWTExpired ? 'The token has expired' : 'The token is not valid')
      }
    },
  }
}

/** Gives a valid token whenever asked, signing a new one when half of its life is over. */
export function tokenSource(issuer: Issuer, caller: Caller, ttlSeconds = 600): () => Promise<string> {
  let current: Promise<string> | undefined
  let renewAt = 0
  return () => {
    if (!current || Date.now() >= renewAt) {
      renewAt = Date.now() + ttlSeconds * 500
      current = issuer.sign(caller, ttlSeconds)
    }
    return current
  }
}
