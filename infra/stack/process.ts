import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

import { identify, type ProcessIdentity } from './identity.js'
import { waitUntil } from './wait.js'

/** Names of the local servers, in the order in which they stop. */
export const SERVER_NAMES = ['temporal', 'kafka', 'postgres'] as const
export type ServerName = (typeof SERVER_NAMES)[number]

/** The order in which processes stop: what stands on the servers first, the last started first; then the servers. */
export function stopOrder(names: Iterable<string>): string[] {
  const all = [...names]
  const isServer = (name: string) => (SERVER_NAMES as readonly string[]).includes(name)
  return [...all.filter((name) => !isServer(name)).reverse(), ...SERVER_NAMES.filter((name) => all.includes(name))]
}

/** How a server, or a process of the platform that stands on the servers, is run. */
export interface ServerSpec {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly gid?: number
  /** Receives standard output and standard error, appended. */
  readonly logFile: string
  /** Asks the server to stop in order. */
  readonly stopSignal: NodeJS.Signals
  /** One try whether the server serves; throws while it does not. */
  readonly ready: () => Promise<void>
  /** Whether an early end, told by the end of the log, is one that goes away by itself. */
  readonly passes?: (logEnd: string) => boolean
}

/** A local server that tests may kill and restart. */
export interface ServerProcess {
  readonly name: string
  readonly pid: number
  readonly running: boolean
  /** Sends a signal; for one that ends the process it resolves after the end. @default 'SIGKILL' */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stops the server in order if it runs, starts it with the same data and ports and waits until it serves. */
  restart(): Promise<void>
}

/** Told whenever a server has started or ended. */
export type OnChange = (name: string, running: ProcessIdentity | undefined) => void

const STOPPED_WITHIN_MS = 15_000
const READY_WITHIN_MS = 60_000

/** Runs one server and knows whether it lives. */
export class RunningServer implements ServerProcess {
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(
    private readonly spec: ServerSpec,
    private readonly onChange: OnChange,
  ) {}

  get name(): string {
    return this.spec.name
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.name} does not run`)
    return this.#child.pid
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  /** Starts the server and waits until it serves. */
  async start(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS
    for (;;) {
      await this.#spawn()
      try {
        await waitUntil(`${this.name} to serve`, this.spec.ready, {
          timeoutMs: deadline - Date.now(),
          stillPossible: () => this.#throwIfEnded(),
        })
        return
      } catch (error) {
        const passes = !this.running && Date.now() < deadline && this.spec.passes?.(this.#logEnd()) === true
        if (!passes) throw error
      }
    }
  }

  /** Asks the server to stop, and ends it when it takes longer than 15 s. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    child.kill('SIGCONT')
    child.kill(this.spec.stopSignal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
    await this.#ended
    clearTimeout(impatience)
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child === undefined) throw new Error(`${this.name} does not run`)
    this.#child.kill(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#ended
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async #spawn(): Promise<void> {
    const { program, args, env, uid, gid, logFile } = this.spec
    const log = openSync(logFile, 'a')
    // A group of its own: Ctrl-C in a terminal reaches only us, and we stop the servers in order.
    const child = spawn(program, args, { env: { ...process.env, ...env }, uid, gid, detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#child = undefined
        this.onChange(this.name, undefined)
        resolve()
      })
    })
    this.onChange(this.name, identify(this.pid))
  }

  #throwIfEnded(): void {
    if (!this.running) throw new Error(`${this.name} ended before it served; the end of ${this.spec.logFile}:\n${this.#logEnd()}`)
  }

  #logEnd(): string {
    return readFileSync(this.spec.logFile, 'utf8').slice(-2000)
  }
}
