import type { AnyMachineSnapshot, AnyStateMachine, EmittedFrom, EventObject, SnapshotFrom } from 'xstate'
import type { ErrorFacts } from '../errors/base.js'
import { NotRevivedError } from '../errors/checkpoint.js'
import { apart } from '../xstate/apart.js'
import { makeObservable } from './observable.js'

/** An observer as XState's actors take it. */
export interface Observer<T> {
  next?(value: T): void
  error?(error: unknown): void
  complete?(): void
}

export interface Subscription {
  unsubscribe(): void
}

/** Calls the handlers of everybody, each on its own. */
export class Observers<T> {
  // Most services are never watched, and there may be very many of them.
  #observers: Set<Observer<T>> | undefined
  #ended: ((observer: Observer<T>) => void) | undefined

  add(observer: Observer<T> | ((value: T) => void)): Subscription {
    const own: Observer<T> = typeof observer === 'function' ? { next: observer } : { ...bound(observer) }
    const ended = this.#ended
    if (ended !== undefined) {
      // Who comes late hears of the end alone, as of an actor that has stopped.
      ended(own)
      return { unsubscribe: () => {} }
    }
    this.#observers ??= new Set()
    this.#observers.add(own)
    return { unsubscribe: () => void this.#observers?.delete(own) }
  }

  get size(): number {
    return this.#observers?.size ?? 0
  }

  /** Tells everybody of the end, and whoever comes later; `reopen` takes it back. */
  end(call: (observer: Observer<T>) => void): void {
    this.tell(call)
    this.#ended = call
  }

  reopen(): void {
    this.#ended = undefined
  }

  tell(call: (observer: Observer<T>) => void): void {
    for (const observer of [...(this.#observers ?? [])]) apart(() => call(observer))
  }
}

function bound<T>(observer: Observer<T>): Observer<T> {
  return {
    next: (value) => observer.next?.(value),
    error: (error) => observer.error?.(error),
    complete: () => observer.complete?.(),
  }
}

const nothing = () => undefined

/**
 * The author's machine, as an actor to read and to watch. It stays the same object through pauses and
 * restarts of its service; a restart is no change, so observers hear nothing of it.
 */
export class MachineView<TMachine extends AnyStateMachine> {
  readonly #snapshots = new Observers<SnapshotFrom<TMachine>>()
  #emitted: Map<string, Observers<EmittedFrom<TMachine>>> | undefined
  #read: () => SnapshotFrom<TMachine> | undefined = nothing
  #last: SnapshotFrom<TMachine> | undefined

  /** @param watchChanged is told of all who come to watch or leave; with it, whoever holds the view holds its service */
  constructor(
    readonly id: string,
    private readonly facts: ErrorFacts,
    private readonly watchChanged: () => void,
  ) {}

  /**
   * The machine's snapshot now; while the service rests, the one it rests in.
   * @throws {NotRevivedError} before the service was revived for the first time, and where it cannot be
   */
  getSnapshot(): SnapshotFrom<TMachine> {
    const snapshot = this.#read() ?? this.#last
    if (snapshot === undefined) throw new NotRevivedError(this.facts)
    return snapshot
  }

  /** Hears of every change, at once, whether or not it is durable yet. */
  subscribe(
    observer: Observer<SnapshotFrom<TMachine>> | ((value: SnapshotFrom<TMachine>) => void),
  ): Subscription {
    return this.#watched(this.#snapshots.add(observer))
  }

  /** Hears of emitted events, after the commit of the transition that emitted them. `'*'` hears all. */
  on<TType extends EmittedFrom<TMachine>['type'] | '*'>(
    type: TType,
    listener: (
      event: TType extends '*' ? EmittedFrom<TMachine> : Extract<EmittedFrom<TMachine>, { type: TType }>,
    ) => void,
  ): Subscription {
    this.#emitted ??= new Map()
    let listeners = this.#emitted.get(type)
    if (listeners === undefined) {
      listeners = new Observers()
      this.#emitted.set(type, listeners)
    }
    // Told only of events of its type.
    return this.#watched(listeners.add(listener as (event: EmittedFrom<TMachine>) => void))
  }

  #watched(subscription: Subscription): Subscription {
    this.watchChanged()
    const unsubscribe = () => {
      subscription.unsubscribe()
      this.watchChanged()
    }
    return { unsubscribe }
  }

  /** @internal */
  get watched(): boolean {
    return this.#snapshots.size > 0 || [...(this.#emitted?.values() ?? [])].some(({ size }) => size > 0)
  }

  /** @internal Whether the machine has come to its end, though its service may still owe effects. */
  get ended(): boolean {
    // Every machine's snapshot has one, whatever its type.
    const snapshot = (this.#read() ?? this.#last) as Pick<AnyMachineSnapshot, 'status'> | undefined
    return snapshot?.status === 'done'
  }

  /** @internal Reads from a living tree from now on. */
  attach(read: () => unknown): void {
    this.#snapshots.reopen()
    // The tree runs this very machine.
    this.#read = read as () => SnapshotFrom<TMachine>
  }

  /** @internal Keeps the last snapshot. */
  detach(): void {
    this.#last = this.#read() ?? this.#last
    this.#read = nothing
  }

  /** @internal */
  tellSnapshot(snapshot: unknown): void {
    this.#snapshots.tell((observer) => observer.next?.(snapshot as SnapshotFrom<TMachine>))
  }

  /** @internal */
  tellEmitted(event: EventObject): void {
    for (const type of [event.type, '*']) {
      this.#emitted?.get(type)?.tell((observer) => observer.next?.(event as EmittedFrom<TMachine>))
    }
  }

  /** @internal */
  tellEnd(error: unknown): void {
    this.#snapshots.end((observer) => (error === undefined ? observer.complete?.() : observer.error?.(error)))
  }
}

makeObservable(MachineView.prototype, (view) => view)
