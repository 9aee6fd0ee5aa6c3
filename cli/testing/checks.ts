import { runTool, type Count } from './tool.js'

const ROOMS = ['contracts', 'policies', 'platform', 'services', 'workflows', 'activities', 'infra', 'cli', 'tests', 'tools']

const CHECKS = [
  { name: 'types', tool: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'lint', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'dependency rule', tool: 'depcruise', args: ['--config', '.dependency-cruiser.cjs', ...ROOMS] },
] as const

/** Runs the static checks one after the other, all of them even when one fails. */
export async function runChecks(): Promise<Count> {
  let [passed, failed] = [0, 0]
  for (const { name, tool, args } of CHECKS) {
    const ok = (await runTool(tool, args)) === 0
    process.stdout.write(`${ok ? '✓' : '✗'} ${name}\n`)
    if (ok) passed++
    else failed++
  }
  return { passed, failed }
}
