import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HTTP_CONTRACTS, documents, textOf } from './documents.js'

const folder = join(import.meta.dirname, '../../docs/contracts')

describe('the contract documents', () => {
  it('are fresh: npm run docs:contracts changes nothing', async () => {
    const wanted = documents()
    expect((await readdir(folder)).sort()).toEqual(Object.keys(wanted).sort())
    for (const [name, document] of Object.entries(wanted)) {
      expect(await readFile(join(folder, name), 'utf8'), `${name} is stale: run npm run docs:contracts`).toBe(textOf(document))
    }
  })

  it('every path parameter is declared by its schema, and every endpoint is keyed by its id', () => {
    for (const { endpoints } of Object.values(HTTP_CONTRACTS)) {
      for (const [id, endpoint] of Object.entries(endpoints)) {
        expect(endpoint.id).toBe(id)
        const inPath = [...endpoint.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name)
        expect(Object.keys((endpoint.params as unknown as { shape: object }).shape).sort(), id).toEqual(inPath.sort())
      }
    }
  })

  it('only the calendar of a season and what is public of its draws are open to everyone', () => {
    const open = Object.entries(HTTP_CONTRACTS).filter(([service]) => service !== 'authority' && service !== 'witness').flatMap(([service, { endpoints }]) =>
      Object.values(endpoints).filter(({ roles }) => Object.keys(roles).length === 0).map(({ id }) => `${service} ${id}`))
    expect(open).toEqual([
      'registration listPhases', 'verification listPhases', 'allocation listPhases', 'allocation getAnnouncement', 'allocation getTranscript', 'notification listPhases',
    ])
  })

  it('every reference inside a document leads somewhere', () => {
    for (const [name, document] of Object.entries(documents())) {
      for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
        const found = pointer!.split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document)
        expect(found, `${name} ${pointer}`).toBeDefined()
      }
    }
  })
})
