import type { Step } from './steps.js'
import type { TwinState } from './twins.js'

/** What is tried in a state that was seen: a step, and where it has led; undefined: it was not tried yet. */
export interface Try {
  readonly step: Step
  readonly name: string
  to: Seen | undefined
}

/** A state that was seen. */
export interface Seen {
  readonly state: TwinState
  readonly tries: readonly Try[]
}

/** A state, and the steps that lead there from another. */
export interface Way {
  readonly to: Seen
  readonly steps: readonly Try[]
}

/** The shortest ways from a state to all that are known to come after it, nearest first. */
export function* waysFrom(from: Seen): Generator<Way> {
  const met = new Set([from])
  const ways: Way[] = [{ to: from, steps: [] }]
  // What is found while it goes on is gone through too.
  for (const way of ways) {
    yield way
    for (const one of way.to.tries) {
      if (one.to === undefined || met.has(one.to)) continue
      met.add(one.to)
      ways.push({ to: one.to, steps: [...way.steps, one] })
    }
  }
}
