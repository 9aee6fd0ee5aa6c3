#!/usr/bin/env node
// The door of the project: plain JavaScript without dependencies, so that it runs before anything is installed.
import { fileURLToPath } from 'node:url'

import { checkNode, ensureDependencies } from './bootstrap.mjs'

const home = fileURLToPath(new URL('..', import.meta.url))
const skipsInstall = process.env.RUXUE_BOOTSTRAP === 'off'

checkNode()
if (!skipsInstall) await ensureDependencies(home)
const { register } = await import('tsx/esm/api')
register()
await (await import('../infra/prisma/generate.ts')).generateClients()
await import('./main.ts')
