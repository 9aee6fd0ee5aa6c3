import type { Log } from './log.js'

/** A part of a process that is started and stopped: a server, a worker, a consumer, a pool. */
export interface Component {
  name: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Rejects if the component breaks while it runs; then the process goes down. */
  failed?: Promise<never>
}

export interface RunningProcess {
  /** Settles when everything has stopped; with the reason if a component broke. */
  done: Promise<void>
  stop(): Promise<void>
}

/** Default bound of one component's stop. */
const STOP_MS = 15_000

/**
 * Starts components in order; if one does not start, those before it are stopped and the error is thrown.
 * On stop they end in reverse order, each within its time.
 */
export async function startComponents(components: readonly Component[], log: Log, stopMs = STOP_MS): Promise<RunningProcess> {
  const running: Component[] = []
  const stopAll = async () => {
    for (const component of running.splice(0).reverse()) await stopOne(component, log, stopMs)
  }
  for (const component of components) {
    try {
      await component.start()
      running.push(component)
      log.info({ component: component.name }, 'started')
    } catch (error) {
      log.fatal({ err: error, component: component.name }, 'did not start')
      await stopAll()
      throw error
    }
  }
  let finish: (() => void) | undefined
  const asked = new Promise<void>((resolve) => { finish = resolve })
  const broken = components.flatMap(({ name, failed }) => (failed ? [failed.catch((error: unknown) => broke(name, error))] : []))
  const untilStopped = async () => {
    try {
      await Promise.race([asked, ...broken])
    } finally {
      await stopAll()
    }
  }
  const done = untilStopped()
  return {
    done,
    stop: async () => {
      finish?.()
      await done.catch(() => undefined)
    },
  }
}

function broke(component: string, cause: unknown): never {
  throw new Error(`${component} broke`, { cause })
}

async function stopOne(component: Component, log: Log, stopMs: number): Promise<void> {
  const { name } = component
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), stopMs)
  })
  try {
    const result = await Promise.race([component.stop(), late])
    if (result === 'late') log.error({ component: name, stopMs }, 'did not stop in time, left behind')
    else log.info({ component: name }, 'stopped')
  } catch (error) {
    log.error({ err: error, component: name }, 'failed to stop')
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Runs a process's components until SIGTERM or SIGINT, then stops them in reverse order. A component that breaks
 * brings the process down with exit code 1.
 */
export async function runProcess(components: readonly Component[], log: Log, stopMs = STOP_MS): Promise<void> {
  const running = await startComponents(components, log, stopMs)
  const onSignal = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping')
    void running.stop()
  }
  process.once('SIGTERM', onSignal)
  process.once('SIGINT', onSignal)
  try {
    await running.done
  } catch (error) {
    log.fatal({ err: error }, 'the process goes down')
    process.exitCode = 1
  } finally {
    process.off('SIGTERM', onSignal)
    process.off('SIGINT', onSignal)
  }
}
