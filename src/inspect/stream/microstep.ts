/**
 * Transitions that were taken together: of the event, or of `always` and what was raised after it. None, where guards kept the event
 * from each.
 */
export interface Microstep {
  /** Type of the event; empty for `always`. */
  readonly event: string
  readonly transitions: readonly TakenTransition[]
  /** Guards that were asked on the way, as the order of candidates tells; left out where there were none. */
  readonly guards?: readonly GuardOutcome[]
}

/** A transition by the ids that its states have in the chart; without targets it stays where it is. */
export interface TakenTransition {
  readonly source: string
  readonly targets: readonly string[]
  readonly guard?: string
  readonly actions?: readonly string[]
}

/** What a guard said. `source`: id of the state whose transition it guards; `index`: which of those for the event. */
export interface GuardOutcome {
  readonly source: string
  readonly index: number
  readonly guard: string
  readonly passed: boolean
}
