import type { Aggregate, ChildFact, FactValue, Seat, WithdrawalReason } from '../../contracts/facts.js'
import type { ChildId, DistrictId, PhaseId, SchoolId, SeasonId, ServiceName } from '../../contracts/ids.js'

const OWNERS: Record<Aggregate, ServiceName> = {
  roster: 'registration',
  registration: 'registration',
  withdrawal: 'registration',
  case: 'verification',
  choice: 'allocation',
  place: 'allocation',
}

/** What the services would know of one child: a script says what happens, revisions are counted here. */
export class ScriptedChild {
  private readonly newest = new Map<string, ChildFact>()
  private revision = 0

  constructor(readonly season: SeasonId, readonly id: ChildId) {}

  /** All facts the service states about the child. */
  knownTo(service: ServiceName): ChildFact[] {
    return [...this.newest.values()].filter(({ aggregate }) => OWNERS[aggregate] === service)
  }

  listed(facts: Record<string, FactValue> = { stage: 'primary' }, district: DistrictId = 'chaoyang'): ChildFact {
    return this.state('roster', 'roster', { facts, district })
  }

  filed(form: string, phase: PhaseId, facts: Record<string, FactValue> = HOME): ChildFact {
    return this.state('registration', form, { facts, outcomes: { [phase]: 'filed' }, number: 'R-0001' })
  }

  case(phase: PhaseId, outcome: string, facts: Record<string, FactValue> = {}): ChildFact {
    return this.state('case', phase, { facts, outcomes: { [phase]: outcome } })
  }

  chosen(phase: PhaseId, ...schools: SchoolId[]): ChildFact {
    return this.state('choice', phase, { outcomes: { [phase]: 'chosen' }, schools })
  }

  /** Adds outcomes to the place and sets its seats. */
  place(outcomes: Record<PhaseId, string>, held: Seat[], taken?: Seat): ChildFact {
    const before = this.newest.get('place/place')?.outcomes ?? {}
    return this.state('place', 'place', { outcomes: { ...before, ...outcomes }, seats: { held, ...(taken ? { taken } : {}) } })
  }

  /** The place without any seat. */
  released(): ChildFact {
    return this.place({}, [])
  }

  withdrawn(reason: WithdrawalReason): ChildFact {
    return this.state('withdrawal', 'withdrawal', { reason })
  }

  private state(aggregate: Aggregate, id: string, said: Partial<ChildFact>): ChildFact {
    this.revision += 1
    const fact: ChildFact = { season: this.season, child: this.id, aggregate, id, revision: this.revision, ...said }
    this.newest.set(`${aggregate}/${id}`, fact)
    return fact
  }
}

const ADDRESS = 'a2h5zq3k7m4w6x2n5p7r3t6v4y'
/** A household, a property and a residence that agree. */
export const HOME: Record<string, FactValue> = {
  residency: 'household',
  'household.address': ADDRESS,
  'property.address': ADDRESS,
  'residence.address': ADDRESS,
  'primary.status': true,
}
