import { parseArgs } from 'node:util'
import { createLog } from '../../platform/log.js'
import { runProcess, type Component } from '../../platform/process.js'
import { startAuthoritySimulator } from './authority.js'
import { startMailCatcher } from './mail-catcher.js'
import { startWitnessSimulator } from './witness.js'

const HELP = `Simulators of other organisations, for rehearsals and tests.

  tsx infra/simulators/main.ts authorities [--host H] [--port N] [--seed S] [--slow-ms MS]
  tsx infra/simulators/main.ts witness [--host H] [--port N] [--seed S]
  tsx infra/simulators/main.ts mail --folder DIR [--host H] [--port N] [--http-port N] [--keep N]

The authorities stand at http://HOST:PORT/NAME, each under the name that policies give it.
They run until SIGTERM or Ctrl-C.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'http-port': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    'slow-ms': { type: 'string', default: '1500' },
    folder: { type: 'string', default: '' },
    keep: { type: 'string', default: '500' },
  },
})

function simulatorOf(name: string | undefined): Component | undefined {
  const { host } = values
  const log = createLog({ name: `${name}-simulator` })
  const running: { stop(): Promise<void> }[] = []
  const component = (start: () => Promise<{ stop(): Promise<void> }>): Component => ({
    name: `${name}-simulator`,
    start: async () => { running.push(await start()) },
    stop: async () => { await running.pop()?.stop() },
  })
  if (name === 'authorities') {
    return component(() => startAuthoritySimulator({ host, port: Number(values.port), seed: values.seed, slowMs: Number(values['slow-ms']), log }))
  }
  if (name === 'witness') return component(() => startWitnessSimulator({ host, port: Number(values.port), seed: values.seed, log }))
  if (name === 'mail' && values.folder !== '') {
    const { folder } = values
    return component(() => startMailCatcher({ host, port: Number(values.port), httpPort: Number(values['http-port']), folder, keep: Number(values.keep), log }))
  }
  return undefined
}

const simulator = simulatorOf(positionals[0])
if (values.help || !simulator) {
  process.stdout.write(HELP)
  process.exitCode = values.help ? 0 : 2
} else {
  await runProcess([simulator], createLog({ name: 'simulators' }))
}
