import type { EventObject } from 'xstate'
import type { CheckpointRecord, InboxEntry } from '../checkpoint/record.js'
import type { TardigradeError } from '../errors/base.js'
import { withFacts } from '../errors/with-facts.js'
import type { InboxChange } from '../ports/inspector.js'
import type { Tree } from '../xstate/tree.js'
import { type Ack, waiting } from './acks.js'
import type { EngineOptions } from './engine-types.js'
import { Inbox, SeenKeys } from './inbox.js'
import type { Ledger } from './ledger.js'

/** Of the levels of a checkpoint, those above an entry of the inbox or of the outbox, where events stand. */
const BELOW = 2

/**
 * The events of a service that its machine has not had yet, the keys of those that it knows, and the answers to those
 * who wait.
 */
export class Intake {
  readonly keys: SeenKeys
  readonly inbox = new Inbox()
  /** Whether a checkpoint is being read: what it holds comes before whatever arrives meanwhile. */
  reading = false
  /** Whether events must queue behind those of the inbox. */
  draining = false
  /** The event of the inbox that the machine is given now, and its place there. */
  applying: { readonly entry: InboxEntry; readonly at: number } | undefined
  /** Place in the inbox of the next checkpoint that is taken over: the event there is set aside with an older one. */
  leaveOut: number | undefined
  /** Keys of events from outside work that the tree has had since its last capture: only with it were they taken. */
  #uncaptured: string[] | undefined
  /** What arrived while a checkpoint was read, and who waits for it: no commit before that may answer them. */
  #early: { readonly entry: InboxEntry | undefined; readonly ack: Ack }[] = []

  constructor(
    private readonly options: EngineOptions,
    private readonly ledger: Ledger,
  ) {
    this.keys = new SeenKeys(options.definition.rememberEventKeys)
  }

  get size(): number {
    return this.inbox.size + this.#early.length
  }

  /** Events that wait for their answer or in the inbox. */
  get pending(): number {
    return Math.max(this.ledger.unanswered, this.size)
  }

  /**
   * Keeps an event until the machine runs; resolves when it is durable.
   * @throws {UnencodableError | UncapturableError} at once: no checkpoint can keep it
   */
  accept(event: EventObject, key: string | undefined, tree: Tree | undefined): Promise<void> {
    const entry = this.#entryOf(event, key, tree)
    if (this.reading) return this.#wait(entry)
    this.#add(entry, 'accepted')
    this.ledger.touch()
    return this.ledger.next()
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    return this.reading ? this.#wait() : this.ledger.durable()
  }

  /** Resolves when the checkpoint that is being read, and `entry` with it, is durable. */
  #wait(entry?: InboxEntry): Promise<void> {
    const { promise, ack } = waiting()
    this.#early.push({ entry, ack })
    return promise
  }

  /**
   * The event as an entry that can be kept beyond this life of the tree. It is tried by itself, so that an event
   * that cannot is its sender's trouble and nobody else's.
   * @throws {UnencodableError | UncapturableError} no checkpoint can keep it
   */
  #entryOf(event: EventObject, key: string | undefined, tree: Tree | undefined): InboxEntry {
    const { codec, clock } = this.options
    const entry: InboxEntry = { event, atMs: clock.now(), ...(key === undefined ? {} : { key }) }
    return this.#tried(key, () => {
      this.options.codec.check({ event }, tree?.root, BELOW)
      // What the codec makes of an entry is one; a copy, since its sender may use the object again.
      return codec.decode(codec.encode(entry, tree?.root)).value as InboxEntry
    })
  }

  /**
   * Looks at an event that is applied at once: found at the capture, it would fail the service and take along what
   * others have sent.
   * @throws {UnencodableError | UncapturableError} no checkpoint can keep it
   */
  check(event: EventObject, key: string | undefined, tree: Tree | undefined): void {
    this.#tried(key, () => this.options.codec.check({ event }, tree?.root, BELOW))
  }

  /** Whether the key of an event from outside work is new. */
  admit(key: string): boolean {
    if (!this.keys.admit(key)) return false
    this.#uncaptured ??= []
    this.#uncaptured.push(key)
    return true
  }

  /** The tree was captured, with all that it has had. */
  captured(): void {
    this.#uncaptured = undefined
  }

  /** The tree is gone, and with it what came since its last capture: whoever sends that again is heard. */
  left(): void {
    for (const key of this.#uncaptured ?? []) this.keys.forget(key)
    this.#uncaptured = undefined
  }

  /** Takes over what a checkpoint holds, then what came while it was read. */
  takeIn({ eventKeys, inbox }: Pick<CheckpointRecord, 'eventKeys' | 'inbox'>): void {
    this.keys.reset(eventKeys)
    this.inbox.drain()
    for (const [at, entry] of inbox.entries()) {
      if (at === this.leaveOut) this.#leaveOut(entry)
      else this.#add(entry, 'kept')
    }
    this.leaveOut = undefined
    this.reading = false
    for (const { entry, ack } of this.#early.splice(0)) {
      this.ledger.answerNext(ack)
      // One whose key is known was taken by an earlier life already.
      if (entry !== undefined && (entry.key === undefined || this.keys.admit(entry.key))) {
        this.#add(entry, 'accepted')
      }
    }
  }

  /** Applies the inbox to a tree for as long as that `lives`, each event after the timers that were due before it. */
  drain(tree: Tree, lives: () => boolean): void {
    this.draining = true
    try {
      let at = 0
      for (let entry = this.inbox.first; entry !== undefined; entry = this.inbox.first) {
        // Timers that were due before it come before it, and may end the machine.
        if (lives()) tree.catchUp(entry.atMs)
        if (!lives()) return
        this.inbox.shift()
        this.#tell(entry, 'applied')
        this.applying = { entry, at: at++ }
        tree.sendStored(entry.event)
        this.applying = undefined
      }
    } finally {
      this.draining = false
      this.applying = undefined
    }
  }

  /** Answers everybody who waits with the error. */
  fail(error: Error): void {
    this.ledger.fail(error)
    for (const { ack } of this.#early.splice(0)) ack.reject(error)
  }

  /** As `fail`, for a service that has not failed: nobody has taken the events that wait. `eventKeys`: of those taken. */
  refuse(error: Error, eventKeys: readonly string[] | undefined): void {
    this.fail(error)
    this.ledger.recover()
    for (const entry of this.inbox.drain()) this.#tell(entry, 'refused')
    // One that is refused may come again, to be refused again.
    if (eventKeys !== undefined) this.keys.reset(eventKeys)
  }

  #leaveOut(entry: InboxEntry): void {
    // Who has mended the cause may send it again.
    if (entry.key !== undefined) this.keys.forget(entry.key)
    this.#tell(entry, 'refused')
    this.ledger.touch()
  }

  #add(entry: InboxEntry, change: InboxChange): void {
    this.inbox.add(entry)
    this.#tell(entry, change)
  }

  #tell(entry: InboxEntry, change: InboxChange): void {
    this.options.observe?.({ type: 'inbox', change, entry })
  }

  #tried<T>(key: string | undefined, run: () => T): T {
    try {
      return run()
    } catch (error) {
      // The key may come again with another event.
      if (key !== undefined) this.keys.forget(key)
      const { definition, key: service } = this.options
      // The codec refuses in errors of this library alone.
      throw withFacts(error as TardigradeError, { service: definition.id, key: service })
    }
  }
}
