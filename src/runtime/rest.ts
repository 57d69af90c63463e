import type { CheckpointRecord } from '../checkpoint/record.js'
import type { ServiceDefinition } from '../service/definition.js'
import type { TreeCodec } from '../xstate/codec.js'
import { type ReadCheckpoint, readCheckpoint } from './read.js'
import { leftAt } from './timer-policy.js'

/**
 * The checkpoint in which a service without a running tree rests, as its sealed text. What is written meanwhile (a
 * hold, an event of the inbox, a failure) stands on it.
 */
export class Rest {
  #text: string | undefined
  /** Whether it was written here, and so is of this version. */
  #written = false
  /** When it woke, where it had only been out of memory: until then its timers ran. */
  #wokenAtMs: number | undefined
  /** Effects of the last life that are done, though the checkpoint owes them. */
  #settledKeys: ReadonlySet<string> | undefined

  constructor(
    private readonly definition: ServiceDefinition,
    private readonly key: string,
    private readonly codec: TreeCodec,
  ) {}

  /** Whether there is a checkpoint to rest in. */
  get known(): boolean {
    return this.#text !== undefined
  }

  /** Reads a stored text. @throws every error of `readCheckpoint` */
  read(text: string): ReadCheckpoint {
    return readCheckpoint(text, this.definition, this.key, this.codec)
  }

  /** A tree was revived from this text; `wokenAtMs` where it had only been out of memory. */
  begin(text: string, wokenAtMs: number | undefined): void {
    this.#text = text
    this.#written = false
    this.#wokenAtMs = wokenAtMs
    this.#settledKeys = undefined
  }

  /** This text is what the service rests in from now on; undefined while a tree runs. */
  replace(text: string | undefined): void {
    this.#text = text
    this.#written = true
    // What was left of its timers stands in it.
    this.#wokenAtMs = undefined
  }

  /** This text was written at rest: the same state, and an inbox that may have grown. */
  wrote(text: string): void {
    // The first is of this version, and need not be migrated again; every later one is longer to read.
    if (this.#text !== undefined && !this.#written) this.replace(text)
  }

  /** The tree is gone; these effects of its are done. */
  leave(settledKeys: ReadonlySet<string> | undefined): void {
    this.#settledKeys = settledKeys
  }

  /** Whether effects that it owes were done since. */
  get outdated(): boolean {
    return (this.#settledKeys?.size ?? 0) > 0
  }

  /** The state that the service rests in, without what was done since. */
  get record(): CheckpointRecord {
    if (this.#text === undefined) throw new Error('a service at rest has no checkpoint to rest in')
    const { record } = this.read(this.#text)
    const wokenAtMs = this.#wokenAtMs
    return {
      ...record,
      timers: wokenAtMs === undefined ? record.timers : leftAt(record.timers, wokenAtMs),
      outbox: record.outbox.filter((entry) => !this.#settledKeys?.has(entry.key)),
    }
  }
}
