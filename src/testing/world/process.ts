import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { Clock } from '../../ports/clock.js'
import type { Inspection } from '../../runtime/inspection.js'
import type { ServiceDefinition } from '../../service/definition.js'
import type { ProcessClock, SimulatedClock } from './clock.js'
import type { MortalStore, OwnerLife } from './mortal-store.js'
import type { ServiceSeen } from './observe.js'
import type { OutsideWorld } from './outside.js'

/** What all processes of a world share. */
export interface Surroundings {
  readonly clock: Pick<SimulatedClock, 'process' | 'now'>
  readonly store: MortalStore
  readonly outside: OutsideWorld
  /** Whether something in it runs as its author has written it, with as many promises in a row as they like. */
  readonly asWritten: boolean
  /** Looks on at a process; undefined: nobody does. */
  readonly inspection?: ((clock: Clock) => Inspection) | undefined
}

/** How a world makes its processes, one after another over one store. */
export type MakeProcess = (surroundings: Surroundings) => Process

/**
 * One process with the service in it, as the world drives it. What it is asked for resolves with the answer, whatever
 * that is, or with the process's death.
 */
export interface Process {
  readonly clock: ProcessClock
  /** Its ownership of the store. */
  readonly life: OwnerLife
  /** Nothing of it happens any more. */
  readonly killed: boolean
  /** Whether the service takes events and interruptions. */
  readonly lives: boolean
  /** What the service failed with, until it is retried. */
  readonly failure: Error | undefined
  /** The author's machine as it is now; undefined: it could not be brought back. */
  readonly snapshot: AnyMachineSnapshot | undefined
  /** Takes the store and starts the service, or goes on with it. */
  begin(definition: ServiceDefinition, input: unknown): Promise<void>
  /** Resolves with what it was refused with; undefined: it was taken, or nobody answers any more. */
  send(event: EventObject, key: string): Promise<unknown>
  /** Sets a hold of that name, and releases it. */
  pause(hold?: string): Promise<void>
  resume(hold?: string): Promise<void>
  checkpoint(): Promise<void>
  /**
   * Goes on after a failure, on request from the last good checkpoint. False: there is none, or nobody can go on from it. A
   * machine that went on and failed by itself did go on.
   */
  retry(lastGood?: boolean): Promise<boolean>
  /** Removes what is stored and starts from the beginning. */
  startAnew(definition: ServiceDefinition, input: unknown): Promise<void>
  /** Stops the service in order. */
  stop(): Promise<void>
  /** Gives the store back. */
  close(): Promise<void>
  /** Lets the service go from memory, unless something keeps it there, and has it woken. Whether it was let go. */
  sleep(): Promise<boolean>
  /** kill -9. */
  kill(): void
  /**
   * Moves its timers by their policies, as though the service had not run for that long and began another life now: those of
   * `remaining` are due so much later, those of `restart` begin again. Milliseconds; below zero after a clock was set back.
   */
  moveTimers(byMs: number): Promise<void>
  /** What it emits counts no more. */
  stopListening(): void
  /** Lets everything happen that waits for nothing but its turn. False where that never ends. */
  calm(): Promise<boolean>
  /** What can be seen of the service, at rest between two steps. */
  observe(): ServiceSeen
}
