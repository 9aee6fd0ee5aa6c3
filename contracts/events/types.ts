/**
 * Every event of the platform by topic. A type on the wire is `cn.ruxue.<topic>.<name>.v1`; the key is the child
 * id, or the aggregate's id where there is no child.
 */
export const EVENTS = {
  registration: ['child-listed', 'registration-filed', 'registration-amended', 'registration-frozen', 'child-withdrawn', 'phase-closed'],
  verification: ['authority-answered', 'case-stepped', 'case-reviewed', 'phase-closed'],
  allocation: [
    'catalogue-set', 'school-offered', 'zone-drawn', 'place-mapped', 'choice-made', 'choice-amended', 'round-frozen', 'round-committed', 'round-revealed',
    'round-decided', 'round-checked', 'round-proposed', 'round-voided', 'round-published', 'place-decided', 'checked-in', 'confirmed', 'place-released', 'child-arranged', 'vacancies-published', 'phase-closed',
  ],
  notification: ['paper-issued', 'paper-exchanged', 'message-sent', 'message-failed', 'phase-closed'],
  enrollment: ['started', 'status-changed', 'arrangement-requested', 'arrangement-closed', 'ended'],
  season: ['opened', 'phase-extended', 'phase-closed', 'closed'],
} as const

export type EventTopic = keyof typeof EVENTS
export type EventName<T extends EventTopic> = (typeof EVENTS)[T][number]
/** Every type on the wire. */
export type EventType = { [T in EventTopic]: `cn.ruxue.${T}.${EventName<T>}.v1` }[EventTopic]

/** The type on the wire of an event. */
export const eventType = <T extends EventTopic>(topic: T, name: EventName<T>): EventType =>
  `cn.ruxue.${topic}.${name}.v1` as EventType

/** Events whose data is a `ChildFact`. */
export const FACT_EVENTS = [
  eventType('registration', 'child-listed'),
  eventType('registration', 'registration-filed'),
  eventType('registration', 'registration-amended'),
  eventType('registration', 'registration-frozen'),
  eventType('registration', 'child-withdrawn'),
  eventType('verification', 'authority-answered'),
  eventType('verification', 'case-stepped'),
  eventType('verification', 'case-reviewed'),
  eventType('allocation', 'choice-made'),
  eventType('allocation', 'choice-amended'),
  eventType('allocation', 'place-decided'),
  eventType('allocation', 'checked-in'),
  eventType('allocation', 'confirmed'),
  eventType('allocation', 'place-released'),
  eventType('allocation', 'child-arranged'),
] as const

/**
 * Facts that the bridge forwards to a child's workflow: those caused by others. What a command of the workflow
 * caused comes back as its activity's result, and edits of a form before its close are nobody's business.
 */
export const BRIDGED_EVENTS = [
  eventType('registration', 'child-listed'),
  eventType('registration', 'registration-filed'),
  eventType('registration', 'child-withdrawn'),
  eventType('verification', 'case-reviewed'),
  eventType('allocation', 'choice-made'),
  eventType('allocation', 'place-decided'),
  eventType('allocation', 'checked-in'),
  eventType('allocation', 'confirmed'),
] as const

/** Facts that may start a workflow; others wait until it exists. */
export const STARTING_EVENTS = [eventType('registration', 'child-listed'), eventType('registration', 'registration-filed')] as const
