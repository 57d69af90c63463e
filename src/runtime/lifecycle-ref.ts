import type { Actor, SnapshotFrom, Subscription } from 'xstate'
import type { lifecycleMachine } from '../service/lifecycle.js'
import { makeObservable } from './observable.js'

type Snapshot = SnapshotFrom<typeof lifecycleMachine>
type Lifecycle = Actor<typeof lifecycleMachine>

/**
 * The reading side of an XState actor reference, over the lifecycle's actor: what `useSelector`, `waitFor`,
 * `toPromise` and inspectors ask of an actor.
 */
export abstract class LifecycleRef {
  /** Set below, under the key that XState and RxJS look for. */
  declare readonly [Symbol.observable]: () => LifecycleRef

  /** The lifecycle's own actor. */
  abstract readonly lifecycle: Lifecycle

  /** Counts those who watch: a service that is watched stays in memory. */
  protected abstract watching(change: 1 | -1): void

  /** The lifecycle's snapshot: `value` is the state's name. */
  getSnapshot(): Snapshot {
    return this.lifecycle.getSnapshot()
  }

  /** The lifecycle's snapshot, as XState persists it; a service's own checkpoint is in its store. */
  getPersistedSnapshot(): ReturnType<Lifecycle['getPersistedSnapshot']> {
    return this.lifecycle.getPersistedSnapshot()
  }

  /** Hears of every change of the lifecycle: a function or an observer, as XState's actors take it. */
  get subscribe(): Lifecycle['subscribe'] {
    return (...observer: readonly unknown[]) =>
      // The arguments are those of XState's own overloads, handed on as they are.
      this.#watched(this.lifecycle.subscribe(...(observer as Parameters<Lifecycle['subscribe']>)))
  }

  /** Hears of the lifecycle's commands; the machine's emitted events are on `machine.on`. */
  get on(): Lifecycle['on'] {
    return (type, handler) => this.#watched(this.lifecycle.on(type, handler))
  }

  /** What the selector makes of the lifecycle's snapshot, to read and to subscribe to. */
  get select(): Lifecycle['select'] {
    return (selector, equalityFn) => {
      const selected = this.lifecycle.select(selector, equalityFn)
      const subscribe = (...observer: readonly unknown[]) =>
        this.#watched(selected.subscribe(...(observer as Parameters<typeof selected.subscribe>)))
      return { ...selected, subscribe }
    }
  }

  #watched(subscription: Subscription): Subscription {
    this.watching(1)
    let watches = true
    const unsubscribe = () => {
      if (watches) this.watching(-1)
      watches = false
      subscription.unsubscribe()
    }
    return { unsubscribe }
  }

  /** A service starts by itself; this is what XState's helpers call. */
  start(): this {
    return this
  }

  get sessionId(): string {
    return this.lifecycle.sessionId
  }

  get system(): Lifecycle['system'] {
    return this.lifecycle.system
  }

  get src(): Lifecycle['src'] {
    return this.lifecycle.src
  }

  toJSON(): object {
    return { id: this.lifecycle.id, state: this.getSnapshot().value }
  }
}

makeObservable(LifecycleRef.prototype, (ref) => ref)
