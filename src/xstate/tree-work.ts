import type { ActorRecord } from '../checkpoint/record.js'
import { type InterruptibleWork, offerWorkPort } from '../service/work.js'
import type { KeyedEffect } from './effects.js'
import type { InternalActor, InternalScope } from './internals.js'
import { childOf } from './paths.js'

/** The tasks of a tree, and the keys of all its outside work, which are the same at every run. */
export class TreeWork {
  readonly keys = new WeakMap<InternalActor, string>()
  // Most trees have no task, and there may be very many.
  #running: Set<InterruptibleWork> | undefined
  #interrupted = false

  /** How many tasks run. */
  get size(): number {
    return this.#running?.size ?? 0
  }

  /** Lets the tasks of an actor system find their key, and what they wait for. */
  offer(scope: InternalScope, durable: () => Promise<void>, settled: () => void): void {
    offerWorkPort(scope.system, {
      durable,
      // Whoever asks has been started.
      keyOf: (actor) => this.keys.get(actor as InternalActor) as string,
      enter: (work) => {
        this.#running ??= new Set()
        const running = this.#running
        running.add(work)
        if (this.#interrupted) work.interrupt()
        return () => {
          running.delete(work)
          settled()
        }
      },
    })
  }

  /** Asks the tasks to stop at their next step, and those that begin from now on. */
  interrupt(): void {
    this.#interrupted = true
    for (const work of this.#running ?? []) work.interrupt()
  }

  /** Work that is started has the key of its start for as long as there is its actor. */
  keep(effects: readonly KeyedEffect[]): void {
    for (const { kind, actor, key } of effects) {
      if (kind === 'start' && !this.keys.has(actor)) this.keys.set(actor, key)
    }
  }

  /** Gives the actor and those below it the keys of their records. */
  bringBackKeys(record: ActorRecord, actor: InternalActor): void {
    if (record.workKey !== undefined) this.keys.set(actor, record.workKey)
    for (const child of record.children ?? []) {
      // Each was restored with its parent.
      this.bringBackKeys(child, childOf(actor, child.id) as InternalActor)
    }
  }
}
