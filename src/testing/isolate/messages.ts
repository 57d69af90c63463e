import { deserialize, serialize } from 'node:v8'
import type { EventObject } from 'xstate'
import type { Drivers } from '../world/drivers.js'
import type { CommitFate } from '../world/mortal-store.js'
import type { ServiceSeen } from '../world/observe.js'
import type { EffectFate } from '../world/outside.js'

/** A call of the outside that changes it, which both sides make alike. */
export type OutsideCall = readonly [method: 'did' | 'started' | 'turnOf' | 'answersAtMs', ...args: unknown[]]

/** What a process is told to do. */
export type Command =
  | {
      readonly do: 'begin'
      readonly module: string
      readonly export: string | undefined
      readonly actors: Drivers
      readonly input: unknown
      readonly folder: string
      /** What was done outside before it began. */
      readonly outside: readonly OutsideCall[]
      readonly commits: number
    }
  | { readonly do: 'send'; readonly event: EventObject; readonly key: string }
  | { readonly do: 'pause' | 'resume'; readonly hold: string | undefined }
  | { readonly do: 'retry'; readonly lastGood: boolean }
  | { readonly do: 'checkpoint' | 'startAnew' | 'stop' | 'close' | 'sleep' | 'calm' }
  | { readonly do: 'moveTimers'; readonly byMs: number }
  /** A timer of its is due. */
  | { readonly do: 'fire'; readonly timer: number }

/** A command, with what it needs of the world. */
export interface Order {
  readonly id: number
  readonly command: Command
  readonly nowMs: number
  readonly commitFates: ReadonlyMap<number, CommitFate>
  readonly effectFates: ReadonlyMap<number, EffectFate>
}

/** An error as another process knows it: without its class. */
export interface ErrorTold {
  readonly message: string
  /** Of those of the library. */
  readonly code?: string
  readonly remedy?: string
  readonly cause?: ErrorTold
}

/** An error for another process. */
export function errorTold({
  message,
  cause,
  code,
  remedy,
}: Error & { code?: unknown; remedy?: unknown }): ErrorTold {
  return {
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof remedy === 'string' ? { remedy } : {}),
    ...(cause instanceof Error ? { cause: errorTold(cause) } : {}),
  }
}

/** An error of another process. */
export function errorOf({ message, cause, ...known }: ErrorTold): Error {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause: errorOf(cause) }), known)
}

/** What the world keeps of a process, since it may be gone at any moment. */
export interface ProcessState {
  readonly lives: boolean
  readonly failure: ErrorTold | undefined
  readonly seen: ServiceSeen
}

/** What a process tells. */
export type Told =
  | {
      readonly tells: 'answer'
      readonly id: number
      readonly result: unknown
      readonly state: ProcessState | undefined
    }
  /** Its module or its options cannot be used. */
  | { readonly tells: 'refusal'; readonly message: string }
  | { readonly tells: 'outside'; readonly call: OutsideCall }
  | { readonly tells: 'timer'; readonly timer: number; readonly delayMs: number }
  | { readonly tells: 'noTimer'; readonly timer: number }
  | { readonly tells: 'commit'; readonly told: string }
  /** It has come to where it is to die, and waits for that. */
  | { readonly tells: 'death' }

/** One message, one line. */
export function lineOf(message: Order | Told): string {
  return `${serialize(message).toString('base64')}\n`
}

export function messageOf(line: string): unknown {
  return deserialize(Buffer.from(line, 'base64'))
}
