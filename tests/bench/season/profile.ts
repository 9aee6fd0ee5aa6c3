import { Session, type Debugger, type Profiler } from 'node:inspector'
import { SourceMap, type SourceMapPayload } from 'node:module'

/** Time spent in the functions of one source file, and in what they called of the language itself. */
export interface SelfTime {
  thread: 'main' | 'workflow'
  /** Its path or URL, or one of V8's own words, such as `(garbage collector)`. */
  file: string
  ms: number
}

/** A profile under way. */
export interface Profiling {
  stop(): Promise<SelfTime[]>
}

const SAMPLED_EVERY_US = 1_000
/** Such as `(garbage collector)`. */
const V8S_OWN = /^\((?!anonymous)/
const BUNDLE = /workflow-bundle-[^/]*\.js$/

/** Samples the main thread and all worker threads of this process. */
export async function startProfile(): Promise<Profiling> {
  const session = new Session()
  session.connect()
  const threads: Thread[] = [mainThread(session), ...await workerThreads(session)]
  for (const { post } of threads) {
    await post('Profiler.enable')
    await post('Profiler.setSamplingInterval', { interval: SAMPLED_EVERY_US })
    await post('Profiler.start')
  }
  return {
    async stop() {
      const times = await Promise.all(threads.map(selfTimesOf))
      session.disconnect()
      return times.flat()
    },
  }
}

/** A thread's inspector. */
interface Thread {
  name: SelfTime['thread']
  post(method: string, params?: object): Promise<unknown>
  on(method: string, listener: (params: unknown) => void): void
}

function mainThread(session: Session): Thread {
  return {
    name: 'main',
    post: (method, params) => new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)))
    }),
    on: (method, listener) => session.on(method, ({ params }) => listener(params)),
  }
}

/** Messages to a worker thread go wrapped through the main thread's session. */
async function workerThreads(session: Session): Promise<Thread[]> {
  const { post } = mainThread(session)
  const threads: Thread[] = []
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
    const waiting = new Map<number, (result: unknown) => void>()
    const listeners = new Map<string, (params: unknown) => void>()
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      if (params.sessionId !== sessionId) return
      const message = JSON.parse(params.message) as { id: number; result: unknown } | { id?: undefined; method: string; params: unknown }
      if (message.id === undefined) listeners.get(message.method)?.(message.params)
      else waiting.get(message.id)?.(message.result)
    })
    threads.push({
      name: 'workflow',
      post: (method, params) => new Promise((resolve, reject) => {
        const id = waiting.size + 1
        waiting.set(id, resolve)
        post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) }).catch(reject)
      }),
      on: (method, listener) => listeners.set(method, listener),
    })
  })
  await post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  return threads
}

async function selfTimesOf(thread: Thread): Promise<SelfTime[]> {
  const { profile } = (await thread.post('Profiler.stop')) as { profile: Profiler.Profile }
  const sourceOf = await bundledSources(thread)
  const files = filesOf(profile, sourceOf)
  const spent = new Map<string, number>()
  profile.samples!.forEach((node, index) => {
    const file = files.get(node)!
    spent.set(file, (spent.get(file) ?? 0) + profile.timeDeltas![index]! / 1_000)
  })
  return [...spent].map(([file, ms]) => ({ thread: thread.name, file, ms }))
}

type SourceOf = (frame: Profiler.ProfileNode['callFrame']) => string

/** Where the code of a workflow bundle was written: by the source map that its script carries. */
async function bundledSources(thread: Thread): Promise<SourceOf> {
  const maps = new Map<string, SourceMap>()
  thread.on('Debugger.scriptParsed', (params) => {
    const { url, sourceMapURL = '' } = params as Debugger.ScriptParsedEventDataType
    if (!BUNDLE.test(url) || !sourceMapURL.startsWith('data:')) return
    const payload = Buffer.from(sourceMapURL.slice(sourceMapURL.indexOf(',') + 1), 'base64').toString()
    maps.set(url, new SourceMap(JSON.parse(payload) as SourceMapPayload))
  })
  await thread.post('Debugger.enable')
  await thread.post('Debugger.disable')
  return ({ url, lineNumber, columnNumber }) => {
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber)
    return entry && 'originalSource' in entry ? entry.originalSource : url
  }
}

/** Work whose parts are all over the place; what runs below these functions counts for them. */
const WHOLES: { file: RegExp; functions: readonly string[]; name: SelfTime['file'] }[] = [
  { file: /workflow\/vm-shared\.js$/, functions: ['init', 'settled'], name: '(stack traces of promises)' },
  { file: BUNDLE, functions: ['importWorkflows'], name: '(loading of modules)' },
]

/** Each node's file; what has none, such as `JSON.parse`, counts for its caller. */
function filesOf({ nodes }: Profiler.Profile, sourceOf: SourceOf): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const files = new Map<number, string>()
  const visit = (id: number, callersFile: string, isWhole: boolean): void => {
    const { callFrame, children } = byId.get(id)!
    const { url, functionName } = callFrame
    const whole = WHOLES.find(({ file, functions }) => file.test(url) && functions.includes(functionName))
    const own = isWhole ? callersFile : (whole?.name ?? (url ? sourceOf(callFrame) : V8S_OWN.test(functionName) ? functionName : callersFile))
    files.set(id, own)
    for (const child of children ?? []) visit(child, own, isWhole || whole !== undefined)
  }
  visit(nodes[0]!.id, '', false)
  return files
}
