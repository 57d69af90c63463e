import type { Actor, SnapshotFrom } from 'xstate'
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
  declare readonly [Symbol.observable]: () => Lifecycle

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
    return (...observer: readonly unknown[]) => {
      this.watching(1)
      // The arguments are those of XState's own overloads, handed on as they are.
      const subscription = this.lifecycle.subscribe(...(observer as Parameters<Lifecycle['subscribe']>))
      let watches = true
      const unsubscribe = () => {
        if (watches) this.watching(-1)
        watches = false
        subscription.unsubscribe()
      }
      return { unsubscribe }
    }
  }

  /** Hears of the lifecycle's commands; the machine's emitted events are on `machine.on`. */
  get on(): Lifecycle['on'] {
    return (type, handler) => this.lifecycle.on(type, handler)
  }

  get select(): Lifecycle['select'] {
    return (selector, equalityFn) => this.lifecycle.select(selector, equalityFn)
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

makeObservable(LifecycleRef.prototype, (ref) => ref.lifecycle)
