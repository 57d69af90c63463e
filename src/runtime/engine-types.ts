import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { FailureRecord, InboxEntry, OutboxEntry } from '../checkpoint/record.js'
import type { Clock } from '../ports/clock.js'
import type { Inspector } from '../ports/inspector.js'
import type { Phase, StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import type { TreeCodec } from '../xstate/codec.js'
import type { Committer } from './committer.js'
import type { Incarnations } from './incarnations.js'
import type { ServiceObserver } from './observer-of.js'
import type { Stretch } from './stretch.js'

/** What an engine works with. */
export interface EngineOptions {
  readonly definition: ServiceDefinition
  readonly key: string
  readonly input: unknown
  readonly codec: TreeCodec
  readonly claim: StoreClaim
  readonly committer: Committer
  readonly incarnations: Incarnations
  readonly clock: Clock
  readonly stretch: Stretch
  readonly inspect: Inspector | undefined
  /** Hears of this service what XState's events do not tell, and those of its machine in the place of `inspect`. */
  readonly observe: ServiceObserver | undefined
}

/** Whom an engine tells. */
export interface EngineListener {
  /** The phase that a checkpoint taken now should have, and the holds that outlive the process. */
  standing(): { readonly phase: Phase; readonly holds: readonly string[] }
  /** Whether it runs and nothing is about to end that. */
  runs(): boolean
  finished(): void
  failed(error: Error): void
  snapshot(snapshot: AnyMachineSnapshot): void
  emitted(event: EventObject): void
  unrunnable(entry: OutboxEntry): void
  /** The machine has come to its end before these. */
  unapplied(entries: readonly InboxEntry[]): void
}

/** What was found at revival. */
export interface Revival {
  readonly fresh: boolean
  /** It was only out of memory: to its machine nothing has happened. */
  readonly slept: boolean
  readonly phase: Phase
  readonly holds: readonly string[]
  readonly failure: FailureRecord | undefined
  /** Nothing is left to do: the machine has ended and its effects are done. */
  readonly ended: boolean
}
