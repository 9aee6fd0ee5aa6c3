import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'

/** Search attributes of our workflows, by name. */
export const SEARCH_ATTRIBUTES = { EnrollmentStatus: 'Keyword', District: 'Keyword', Season: 'Keyword' } as const

/** A closed workflow can be looked up for as long as a season and its complaints last. */
const RETENTION = msToTs('365 days')
const NOT_FOUND = 5

/**
 * Makes sure that the namespace exists, keeps closed workflows for a year and knows our search attributes.
 *
 * @throws Error while the server does not serve yet, or does not know the attributes yet
 */
export async function prepareNamespace(address: string, namespace = 'default'): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 })
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      await keepForAYear(connection, namespace)
      await addMissingAttributes(connection, namespace)
    })
  } finally {
    await connection.close()
  }
}

async function keepForAYear(connection: Connection, namespace: string): Promise<void> {
  const service = connection.workflowService
  try {
    const { config } = await service.describeNamespace({ namespace })
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0)
    if (seconds < Number(RETENTION.seconds)) {
      await service.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: RETENTION } })
    }
  } catch (error) {
    if ((error as { code?: number }).code !== NOT_FOUND) throw error
    await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: RETENTION })
  }
}

async function addMissingAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.keys(SEARCH_ATTRIBUTES).filter((name) => customAttributes?.[name] === undefined)
  if (missing.length === 0) return
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]))
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
  throw new Error(`${missing.join(', ')} were just added: ask again whether they are known`)
}
