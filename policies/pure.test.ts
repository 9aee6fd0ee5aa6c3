import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

/** What workflow code may import; it runs in a sandbox without libraries and Node built-ins. */
const PURE = ['language', 'timeline', 'conditions', 'truth', 'describe', 'knowledge', 'places', 'points', 'standing', 'settle', 'forms', 'dependents', 'compress']

describe('the pure part of the policies', () => {
  it.each(PURE)('%s.ts imports nothing but the pure part and types of child facts', async (name) => {
    const text = await readFile(new URL(`${name}.ts`, import.meta.url), 'utf8')
    const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier)
    const allowed = new Set([...PURE.map((pure) => `./${pure}.js`), '../contracts/facts.js', '../contracts/rounds.js'])
    expect(imports.filter((specifier) => !allowed.has(specifier!))).toEqual([])
    expect(text).not.toMatch(/\bDate\b|Math\.random|process\./)
  })
})
