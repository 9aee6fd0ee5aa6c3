import { fileURLToPath } from 'node:url'
import type { ChildId } from '../../../contracts/ids.js'
import { createLog } from '../../../platform/log.js'
import { connectWorkers, installTemporalLog, workerComponent } from '../../../platform/temporal/index.js'
import { loadPolicy } from '../../../policies/load.js'
import { createEnrollmentWorker, SIZES } from '../../../workflows/enrollment/worker.js'
import { planSeason, type ChildPlan } from './plan.js'
import { startProfile, type Profiling } from './profile.js'
import { BARE, type Answers, type Ask, type Variant } from './protocol.js'
import { bareActivities, instantActivities } from './stand-ins.js'

// A process with one worker, made as those of the platform are; its parent asks it by messages.
const [variant, temporalAddress, namespace] = process.argv.slice(2) as [Variant, string, string]
const policy = await loadPolicy('changchun-2022')
const plans = new Map<ChildId, ChildPlan>()
const log = createLog({ name: `bench-${variant}`, level: 'warn' }, process.stderr)
installTemporalLog(log)
const connection = await connectWorkers({ temporalAddress, temporalNamespace: namespace })
const worker = variant === 'enrollment'
  ? createEnrollmentWorker({ connection, namespace, log, activities: instantActivities(plans) })
  : workerComponent('bare-worker', {
    connection, namespace, log, activities: bareActivities, options: SIZES,
    taskQueue: BARE.taskQueue, workflowsPath: fileURLToPath(new URL('./bare.ts', import.meta.url)),
  })
let profiling: Profiling | undefined

async function answer(asked: Ask): Promise<Answers[Ask['ask']]> {
  switch (asked.ask) {
    case 'plan':
      plans.clear()
      for (const plan of planSeason(policy.timeline, asked.outline)) plans.set(plan.id, plan)
      return undefined
    case 'cpu': {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1_000
    }
    case 'start-profile':
      profiling = await startProfile()
      return undefined
    case 'stop-profile':
      return profiling!.stop()
    case 'stop':
      await worker.stop()
      return connection.close()
  }
}

process.on('message', (asked: Ask) => {
  void answer(asked).then((answered) => process.send!({ answered }, () => { if (asked.ask === 'stop') process.disconnect() }))
})
await worker.start()
process.send!({ answered: 'ready' })
