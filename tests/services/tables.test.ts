import { describe, expect, it } from 'vitest'
import { schemaDiff } from '../../infra/prisma/migrate.js'
import { serviceStore } from '../../infra/prisma/stores.js'
import { freshDatabase } from '../support/stack.js'

describe('the tables of a service', () => {
  it.each(['verification', 'notification'])('are in %s as its Prisma schema describes them', async (service) => {
    const url = await freshDatabase(service)
    expect(await schemaDiff(serviceStore(service).schema, url)).toBe('')
  })
})
