import type { EventObject } from 'xstate'
import type { Revival } from './engine-types.js'

/** What a machine is told when its service goes on: what has held it since it last ran, and whether it had crashed. */
export class Resumption {
  #interruptions: Set<string> | undefined
  /** Its last life ended here and in order, whatever phase the store has. */
  #leftInOrder = false

  constructor(private readonly eventType: string | undefined) {}

  interruptedBy(hold: string): void {
    if (this.eventType === undefined) return
    this.#interruptions ??= new Set()
    this.#interruptions.add(hold)
  }

  /** A life of the tree has ended. */
  left(inOrder: boolean): void {
    this.#leftInOrder = inOrder
  }

  /** The event; undefined where nobody asked for one, at a first life, and where the service had only been out of memory. */
  eventOf(revival: Revival | undefined): EventObject | undefined {
    const interruptions = [...(this.#interruptions ?? [])]
    this.#interruptions = undefined
    if (this.eventType === undefined || revival?.fresh !== false) return undefined
    const { slept, phase } = revival
    if (slept && interruptions.length === 0) return undefined
    const crashed = phase === 'running' && !slept && !this.#leftInOrder
    // With the fields that `resumedEvent` promises.
    const resumed = { type: this.eventType, interruptions, crashed }
    return resumed
  }
}
