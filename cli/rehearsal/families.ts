import type { z } from 'zod'
import type { catalogue } from '../../contracts/http/allocation.js'
import type { FactValue } from '../../policies/language.js'
import type { TimelinePhase } from '../../policies/timeline.js'
import type { Occurrence } from './occurrences.js'
import type { Person } from './people.js'
import type { Script } from './script.js'

export type Catalogue = z.input<typeof catalogue>

/** Where a child lives, for the roster and the form. */
export interface Home {
  district: string
  zone: string
  street: string
}

/** One child with its guardian, home and script. */
export interface Family {
  index: number
  /** The name of its story. */
  life: string
  script: Script
  person: Person
  home: Home
  houseNumber: number
  rosterFacts: Record<string, FactValue>
  /** Position of the twin. */
  twin?: number
  /** Opaque id, known once the guardian has looked it up. */
  child?: string
}

/** Who plays a season, in which city, and what must happen. */
export interface Cast {
  catalogue: Catalogue
  families: Family[]
  /** Children who act in a phase, about: windows are made long enough for them. */
  acting(phase: TimelinePhase): number
  /** How many times longer windows are than one after the other would need: ways that run side by side give more to do at once. */
  sideBySide: number
  occurrences: readonly Occurrence[]
}
