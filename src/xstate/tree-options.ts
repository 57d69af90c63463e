import type { AnyMachineSnapshot, AnyStateMachine, EventObject, InspectionEvent } from 'xstate'
import type { OutboxEntry, TimerPolicy } from '../checkpoint/record.js'
import type { Clock } from '../ports/clock.js'
import type { Fact } from '../ports/inspector.js'
import type { KeyedEffect } from './effects.js'

/** What a tree needs, and whom it tells. */
export interface TreeOptions {
  readonly machine: AnyStateMachine
  /** Id of the root actor. */
  readonly id: string
  readonly clock: Clock
  readonly policyOf: (timerId: string) => TimerPolicy
  /** Key of the effect with this index in the checkpoint with this sequence. */
  readonly effectKey: (sequence: number, index: number) => string
  /** Key of outside work that is in the checkpoint without one, as a migration may put it there: the same at every revival. */
  readonly startKey: (index: number) => string
  /** Whether an event with this key is new; from then on it is not. */
  readonly admit: (eventKey: string) => boolean
  /** Resolves when all decided so far is durable. */
  readonly durable: () => Promise<void>
  readonly decodeEnded: (text: string) => unknown
  /** The tree is quiet again after something happened in it. */
  readonly onTurn: () => void
  /** The root has ended in an error. */
  readonly onError: (error: unknown) => void
  /** An effect of an actor that is gone has failed; those of living ones fail their actor. */
  readonly onEffectError: (effect: KeyedEffect, error: unknown) => void
  /** Owed effects are done. */
  readonly onSettled: () => void
  readonly onSnapshot: (snapshot: AnyMachineSnapshot) => void
  readonly onEmitted: (event: EventObject) => void
  /** An owed action has no implementation to run again. */
  readonly onUnrunnable: (entry: OutboxEntry) => void
  readonly inspect?: ((event: InspectionEvent) => void) | undefined
  /** Hears of effects and timers, and of what `inspect` would hear: without a copy made for each event. */
  readonly observe?: ((fact: Fact | InspectionEvent) => void) | undefined
}
