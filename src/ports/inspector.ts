import type { InspectionEvent } from 'xstate'

/** Which service an inspection event is of, and which of its two actor systems: its lifecycle or the author's machine. */
export interface Inspected {
  /** Id of the service definition. */
  readonly definition: string
  readonly key: string
  readonly part: 'lifecycle' | 'machine'
}

/** Hears of XState's inspection events, at once and within the service: what it throws is thrown there. */
export type Inspector = (event: InspectionEvent, of: Inspected) => void
