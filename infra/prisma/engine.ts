import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type * as Wasm from '@prisma/schema-engine-wasm'

import { EngineAdapterFactory } from './adapter.js'
import { instantiate } from './webAssembly.js'

let loaded: Promise<typeof Wasm> | undefined

/** Runs `work` with Prisma's schema engine, compiled to WebAssembly, over one database. */
export async function withEngine<T>(url: string, schema: string, work: (engine: Wasm.SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await (loaded ??= loadWasm())
  const adapters = new EngineAdapterFactory({ connectionString: url, max: 2 })
  const datamodels: [string, string][] = [[schema, await readFile(schema, 'utf8')]]
  try {
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapters))
    const result = await work(engine)
    engine.free()
    return result
  } finally {
    await adapters.close()
  }
}

// The package's main entry expects a bundler that imports .wasm files; Node.js has to instantiate them by hand.
async function loadWasm(): Promise<typeof Wasm> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  // The engine writes down here why it gave up; what it throws afterwards says only "unreachable".
  const panics = { set_message: (message: string) => process.stderr.write(`Prisma's schema engine gave up: ${message}\n`) }
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics })
  const wasm = await readFile(glueFile.replace(/\.js$/, '.wasm'))
  const exports = await instantiate(wasm, { './schema_engine_bg.js': { ...glue } })
  glue.__wbg_set_wasm(exports)
  exports['__wbindgen_start']!()
  return glue
}
