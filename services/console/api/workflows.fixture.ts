import { ApplicationFailure, condition, defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow'
import type { EnrollmentView } from '../../../contracts/enrollment.js'
import type { ApproveAnswer, ApproveRequest, ArrangeAnswer, ArrangeRequest, ExtendAnswer, ExtendRequest, FlagSignal, RecheckAnswer, RecheckRequest, RestartAnswer, RestartRequest, RoundView, VoidAnswer, VoidRequest } from '../../../contracts/workflows.js'

/** The smallest workflows that answer to the contract's messages; a school called `full` is full. */
export async function enrollment(): Promise<void> {
  const flags: EnrollmentView['flags'] = []
  let over = false
  setHandler(defineSignal<[FlagSignal]>('flagForArrangement'), (signal) => {
    flags.push({ ...signal, at: 5 })
  })
  setHandler(defineQuery<EnrollmentView>('getEnrollment'), () => ({
    season: 's', child: 'c', status: 'registered', policy: { id: 's', version: 1, hash: 'h' }, outcomes: { register: 'filed' },
    seats: { held: [] }, next: { phase: 'register', boundary: 'closes', at: 7 }, flags,
  }))
  setHandler(defineUpdate<ArrangeAnswer, [ArrangeRequest]>('arrange'), ({ decision }) => {
    if ('end' in decision) {
      over = true
      return { status: 'ended' }
    }
    if (decision.place === 'full') throw ApplicationFailure.create({ type: 'school-full', message: 'no seat left', nonRetryable: true, details: [{ free: 0 }] })
    return { status: 'arranged', school: decision.place }
  })
  await condition(() => over)
}

export async function season(): Promise<void> {
  setHandler(
    defineUpdate<ExtendAnswer, [ExtendRequest]>('extendPhase'),
    ({ phase, closesAt }) => ({ phase, closesAt }),
    {
      validator: ({ phase }) => {
        if (phase !== 'register') throw ApplicationFailure.create({ type: 'extension-refused', message: 'over', nonRetryable: true })
      },
    },
  )
  await condition(() => false)
}

export async function round(): Promise<void> {
  const approvedBy: string[] = []
  setHandler(defineQuery<RoundView>('getRound'), () => ({ phase: 'zoning', stage: 'approving', approvedBy }))
  setHandler(
    defineUpdate<ApproveAnswer, [ApproveRequest]>('approve'),
    ({ officer }) => {
      approvedBy.push(officer)
      return { approvedBy }
    },
    {
      validator: ({ officer }) => {
        if (approvedBy.includes(officer)) throw ApplicationFailure.create({ type: 'round-conflict', message: 'another officer', nonRetryable: true })
      },
    },
  )
  setHandler(defineUpdate<RecheckAnswer, [RecheckRequest]>('recheck'), () => ({ supplement: 1 }))
  setHandler(defineUpdate<VoidAnswer, [VoidRequest]>('void'), ({ officer }) => ({ run: 1, askedBy: [officer], void: false }))
  setHandler(defineUpdate<RestartAnswer, [RestartRequest]>('restart'), () => ({ run: 2 }), {
    validator: (_request) => {
      throw ApplicationFailure.create({ type: 'round-conflict', message: 'no run is void', nonRetryable: true })
    },
  })
  await condition(() => false)
}
