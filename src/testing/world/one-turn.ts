import type { AnyStateMachine, EventObject } from 'xstate'
import { endlessEvents, MOST_AT_A_TIME } from './endless.js'

/** Counts the events that the machines of one tree take without a pause, and ends what would go on for ever: XState would not. */
export class OneTurn {
  #events = 0

  /** @param afterwards runs something when nothing of the turn is left */
  constructor(private readonly afterwards: (run: () => void) => void) {}

  /** Has that machine counted. */
  counts(machine: AnyStateMachine): void {
    const { transition } = machine
    machine.transition = (snapshot, event: EventObject, scope) => {
      if (this.#events++ === 0) this.afterwards(() => this.#over())
      // A parent that would take the failure of its child for one of many would go on: it fails, too.
      if (this.#events > MOST_AT_A_TIME) throw endlessEvents(event.type)
      return transition.call(machine, snapshot, event, scope)
    }
  }

  #over(): void {
    this.#events = 0
  }
}
