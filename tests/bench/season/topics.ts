import type { SelfTime } from './profile.js'

/** What a worker's time goes to; the first that matches counts. */
const TOPICS: { topic: string; thread?: SelfTime['thread']; file: RegExp }[] = [
  { topic: 'waiting', file: /^\(idle\)$/ },
  { topic: 'main thread: activities, protocol', thread: 'main', file: /./ },
  { topic: 'deciding: folding knowledge', file: /\/policies\/(knowledge|settle)\.ts$/ },
  { topic: 'deciding: standing and conditions', file: /\/policies\// },
  { topic: 'deciding: boundaries', file: /\/workflows\/enrollment\/boundaries\.ts$/ },
  { topic: 'workflow function and its shell', file: /\/workflows\/enrollment\/(enrollment|workflow|proxies|messages)\.ts$|\/season\/bare\.ts$/ },
  { topic: 'deciding: reactor and the rest', file: /\/(workflows|contracts)\// },
  { topic: 'SDK: loading modules for each workflow', file: /^\(loading of modules\)$/ },
  { topic: 'SDK: a stack trace for each promise', file: /^\(stack traces of promises\)$/ },
  { topic: 'SDK: entering the sandbox, under a watchdog', file: /^node:vm$|^evalmachine/ },
  { topic: 'SDK: payloads, protobuf', file: /converter|encoding|proto/ },
  { topic: 'SDK: the rest', file: /@temporalio/ },
  { topic: 'garbage collection', file: /^\(garbage collector\)$/ },
  { topic: 'other', file: /(?:)/ },
]

const topicOf = ({ thread, file }: SelfTime): string =>
  TOPICS.find((one) => (one.thread === undefined || one.thread === thread) && one.file.test(file))!.topic

/** Adds up a profile by topic, in their order, without waiting (ms). */
export function byTopic(profile: readonly SelfTime[]): Map<string, number> {
  const sums = new Map(TOPICS.slice(1).map(({ topic }) => [topic, 0]))
  for (const time of profile) {
    const topic = topicOf(time)
    if (sums.has(topic)) sums.set(topic, sums.get(topic)! + time.ms)
  }
  return sums
}
