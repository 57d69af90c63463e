import type { EventObject } from 'xstate'
import type { CheckpointRecord, InboxEntry } from '../checkpoint/record.js'
import { TardigradeError } from '../errors/base.js'
import { withFacts } from '../errors/with-facts.js'
import type { TreeCodec } from '../xstate/codec.js'
import type { Tree } from '../xstate/tree.js'
import { type Ack, waiting } from './acks.js'
import { Inbox, SeenKeys } from './inbox.js'

/** What an intake needs of its service. */
export interface IntakeOptions {
  readonly facts: { readonly service: string; readonly key: string }
  readonly codec: TreeCodec
  readonly rememberEventKeys: number
  readonly now: () => number
}

/** The events of a service that its machine has not had yet, and the keys of those that it knows. */
export class Intake {
  readonly keys: SeenKeys
  readonly inbox = new Inbox()
  /** Whether a checkpoint is being read: what it holds comes before whatever arrives meanwhile. */
  reading = false
  /** What arrived while a checkpoint was read, and who waits for it: no commit before that may answer them. */
  #early: { readonly entry: InboxEntry | undefined; readonly ack: Ack }[] = []

  constructor(private readonly options: IntakeOptions) {
    this.keys = new SeenKeys(options.rememberEventKeys)
  }

  get size(): number {
    return this.inbox.size + this.#early.length
  }

  /** Resolves when the checkpoint that is being read, and `entry` with it, is durable. */
  wait(entry?: InboxEntry): Promise<void> {
    const { promise, ack } = waiting()
    this.#early.push({ entry, ack })
    return promise
  }

  /**
   * The event as an entry that can be kept beyond this life of the tree. It is tried by itself, so that an event
   * that cannot is its sender's trouble and nobody else's.
   * @throws {UnencodableError | UncapturableError} no checkpoint can keep it
   */
  entryOf(event: EventObject, key: string | undefined, tree: Tree | undefined): InboxEntry {
    const { codec, now } = this.options
    const entry: InboxEntry = { event, atMs: now(), ...(key === undefined ? {} : { key }) }
    return this.#tried(key, () => {
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
    this.#tried(key, () => this.options.codec.check({ event }, tree?.root))
  }

  /** Takes over what a checkpoint holds, then what came while it was read, whose senders `ledger` will answer. */
  takeIn(
    { eventKeys, inbox }: Pick<CheckpointRecord, 'eventKeys' | 'inbox'>,
    ledger: { answerNext(ack: Ack): void },
  ): void {
    this.keys.reset(eventKeys)
    this.inbox.drain()
    for (const entry of inbox) this.inbox.add(entry)
    for (const { entry, ack } of this.#early.splice(0)) {
      ledger.answerNext(ack)
      // One whose key is known was taken by an earlier life already.
      if (entry !== undefined && (entry.key === undefined || this.keys.admit(entry.key))) {
        this.inbox.add(entry)
      }
    }
  }

  /** Tells those who wait for a checkpoint to be read that it was not. */
  rejectEarly(error: Error): void {
    for (const { ack } of this.#early.splice(0)) ack.reject(error)
  }

  #tried<T>(key: string | undefined, run: () => T): T {
    try {
      return run()
    } catch (error) {
      // The key may come again with another event.
      if (key !== undefined) this.keys.forget(key)
      throw error instanceof TardigradeError ? withFacts(error, this.options.facts) : error
    }
  }
}
