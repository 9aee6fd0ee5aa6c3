import { loadPolicy, policyIds } from '../../policies/load.js'
import { phasesOfKind } from '../../policies/timeline.js'

/**
 * Names of the authorities that policies ask, in alphabetical order: those which come with Ruxue, and others.
 * @param others ids or paths
 * @throws PolicyNotFoundError, PolicyFaultsError
 */
export async function authoritiesOfPolicies(others: readonly string[] = []): Promise<string[]> {
  const loaded = await Promise.all([...await policyIds(), ...others].map((id) => loadPolicy(id)))
  const names = loaded.flatMap(({ timeline }) => phasesOfKind(timeline, 'check').flatMap(({ by }) => by))
  return [...new Set(names)].sort()
}
