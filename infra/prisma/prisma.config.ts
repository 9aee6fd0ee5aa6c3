import { PLATFORM_MIGRATIONS, PLATFORM_SCHEMA, serviceStore } from './stores.js'

/**
 * For Prisma's own command line, where its engines can be downloaded. `RUXUE_PRISMA` names a service, or `platform`
 * for the tables every service's database has, which come first:
 *
 *     RUXUE_PRISMA=platform     DATABASE_URL=… npx prisma migrate deploy --config infra/prisma/prisma.config.ts
 *     RUXUE_PRISMA=registration DATABASE_URL=… npx prisma migrate deploy --config infra/prisma/prisma.config.ts
 */
const asked = process.env['RUXUE_PRISMA'] ?? 'platform'
const store = asked === 'platform' ? { schema: PLATFORM_SCHEMA, migrations: [PLATFORM_MIGRATIONS] } : serviceStore(asked)

export default {
  schema: store.schema,
  migrations: { path: store.migrations.at(-1) },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
}
