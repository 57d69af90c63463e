import { brokenInvariants, type Invariants } from './invariants.js'
import type { Observation } from './observe.js'
import type { OutsideWorld } from './outside.js'
import type { Process } from './process.js'

/** What is looked at. */
interface Seen {
  readonly process: Process
  readonly outside: OutsideWorld
  /** What must never be, in words. */
  readonly broken: readonly string[]
}

/** All that can be seen of a world. */
export function lookAt({ process, outside, broken }: Seen, invariants: Invariants = {}): Observation {
  const { snapshot } = process
  // One that could not be brought back has nothing of which anything could hold.
  const unheld = snapshot === undefined ? [] : brokenInvariants(invariants, snapshot)
  const { lifecycle, failure, machine, timers, inbox } = process.observe()
  // Nothing is spread into it: each observation would get a hidden class of its own.
  const seen: Observation = {
    lifecycle,
    machine,
    timers,
    inbox,
    effects: outside.seen,
    broken: [...broken, ...outside.conflicts],
  }
  if (failure !== undefined) seen.failure = failure
  if (unheld.length > 0) seen.invariants = unheld
  return seen
}
