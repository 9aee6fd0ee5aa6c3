import { describe, expect, it } from 'vitest'
import { createLog } from './log.js'
import { startComponents, type Component } from './process.js'

const log = createLog({ name: 'test', level: 'silent' })

function recorder() {
  const did: string[] = []
  const component = (name: string, more: Partial<Component> = {}): Component => ({
    name,
    start: async () => { did.push(`start ${name}`) },
    stop: async () => { did.push(`stop ${name}`) },
    ...more,
  })
  return { did, component }
}

describe('a process', () => {
  it('starts its components in order and stops them in reverse', async () => {
    const { did, component } = recorder()
    const running = await startComponents([component('database'), component('server')], log)
    await running.stop()
    expect(did).toEqual(['start database', 'start server', 'stop server', 'stop database'])
  })

  it('whose component does not start stops those before it and fails', async () => {
    const { did, component } = recorder()
    const broken = component('server', { start: async () => { throw new Error('port in use') } })
    await expect(startComponents([component('database'), broken, component('never')], log)).rejects.toThrow('port in use')
    expect(did).toEqual(['start database', 'stop database'])
  })

  it('goes down in order when a component breaks, and says which', async () => {
    const { did, component } = recorder()
    let fail: ((error: Error) => void) | undefined
    const failed = new Promise<never>((_resolve, reject) => { fail = reject })
    const running = await startComponents([component('database'), component('worker', { failed })], log)
    fail?.(new Error('lost its queue'))
    await expect(running.done).rejects.toThrow('worker broke')
    expect(did.slice(2)).toEqual(['stop worker', 'stop database'])
  })

  it('does not wait for ever for a component that does not stop, nor for one that fails to', async () => {
    const { did, component } = recorder()
    const hanging = component('hanging', { stop: () => new Promise(() => undefined) })
    const failing = component('failing', { stop: async () => { throw new Error('no') } })
    const running = await startComponents([component('database'), hanging, failing], log, 20)
    await running.stop()
    expect(did.at(-1)).toBe('stop database')
  })
})
