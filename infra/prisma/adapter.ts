import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

/**
 * Prisma's adapter with what its schema engine needs beyond it:
 * a script reaches PostgreSQL in one piece (Prisma's own cuts it at each semicolon, also inside comments and
 * function bodies), so that a failing migration leaves nothing behind; and the one-letter type `"char"` of
 * PostgreSQL's catalogue can be read.
 */
export class EngineAdapterFactory extends PrismaPg {
  readonly #connected: Adapter[] = []

  override async connect() {
    const adapter = forEngine(await super.connect())
    this.#connected.push(adapter)
    return adapter
  }

  override async connectToShadowDb() {
    return forEngine(await super.connectToShadowDb())
  }

  /** Closes the connections, and with them the engine's lock on the database, which it does not give back itself. */
  async close(): Promise<void> {
    await Promise.all(this.#connected.map((adapter) => adapter.dispose()))
  }
}

function forEngine(adapter: Adapter): Adapter {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script)
    } catch (error) {
      throw asDriverError(error)
    }
  }
  readInternalChar(adapter)
  return adapter
}

const INTERNAL_CHAR_OID = 18
const TEXT_OID = 25

// The adapter refuses columns of the type "char": they pass it as text and become characters behind it.
function readInternalChar(adapter: Adapter): void {
  const charColumns = new Map<string, readonly number[]>()
  const pool = adapter.underlyingDriver()
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
  const queryAsText = async (...args: unknown[]) => {
    const result = await query(...args)
    const chars = (result.fields ?? []).filter((field) => field.dataTypeID === INTERNAL_CHAR_OID)
    const sql = typeof args[0] === 'string' ? args[0] : (args[0] as pg.QueryConfig).text
    charColumns.set(sql, chars.map((field) => result.fields.indexOf(field)))
    for (const field of chars) field.dataTypeID = TEXT_OID
    return result
  }
  pool.query = queryAsText as typeof pool.query
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (asked) => {
    const result = await queryRaw(asked)
    for (const column of charColumns.get(asked.sql) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character
    return result
  }
}

function asDriverError(error: unknown): unknown {
  const { code, severity, message, detail, column, hint } = error as pg.DatabaseError
  if (code === undefined) return error
  return new DriverAdapterError({ kind: 'postgres', code, severity: severity ?? 'ERROR', message, detail, column, hint })
}
