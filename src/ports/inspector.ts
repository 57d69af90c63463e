import type { AnyStateMachine, EventObject, InspectionEvent } from 'xstate'
import type { StoredCheckpoint } from './store.js'

/** Which service something is told of. */
export interface Subject {
  /** Id of the service definition. */
  readonly definition: string
  readonly key: string
}

/** Which service an inspection event is of, and which of its two actor systems: its lifecycle or the author's machine. */
export interface Inspected extends Subject {
  readonly part: 'lifecycle' | 'machine'
}

/** Hears of XState's inspection events, at once. What it throws surfaces globally, as an error of any listener, and the service goes on. */
export type Inspector = (event: InspectionEvent, of: Inspected) => void

/**
 * Hears of a service, at once and within it: XState's events of its machine, and what those do not tell. It must not throw. These events
 * come without the `rootId` that inspectors are given.
 */
export type Observe = (fact: Fact | InspectionEvent, of: Subject) => void

/** What the runtime tells of one service. */
export type Fact =
  /** The service is in this process from now on. */
  | { readonly type: 'began'; readonly version: number; readonly machine: AnyStateMachine }
  /** A life begins: from the checkpoint of this sequence, or the first one, from 0. Its actors come next. */
  | {
      readonly type: 'revived'
      readonly fresh: boolean
      readonly slept: boolean
      readonly checkpoint: number
    }
  /** Its actors are whole again, after `revived` of a life that goes on: until then their snapshots hold marks. */
  | { readonly type: 'whole' }
  /** It has failed and rests in this checkpoint: what came after that is gone. */
  | { readonly type: 'rests'; readonly stored: StoredCheckpoint }
  /** It is out of memory, until a timer or somebody needs it. */
  | { readonly type: 'asleep'; readonly wakeAtMs: number | undefined }
  | {
      readonly type: 'effect'
      readonly change: EffectChange
      readonly effect: ObservedEffect
      readonly error?: unknown
    }
  | {
      readonly type: 'timer'
      readonly change: TimerChange
      readonly timer: ObservedTimer
      readonly policy: string
    }
  | { readonly type: 'inbox'; readonly change: InboxChange; readonly entry: ObservedEntry }
  /** The process is to be killed when the machine next enters this state; undefined where that was taken back. */
  | { readonly type: 'armed'; readonly state: string | undefined; readonly by: Asker }
  /** Somebody has asked for what comes next, or a checkpoint keeps it: that the program sets or releases this hold. */
  | { readonly type: 'asked'; readonly hold: string; readonly by: Asker | 'checkpoint' }
  /** A checkpoint is on its way to the store. */
  | {
      readonly type: 'captured'
      readonly checkpoint: number
      readonly epoch: number
      readonly phase: string
      readonly size: number
    }
  /** It has come there, or not. */
  | { readonly type: 'committed'; readonly error: Error | undefined }
  /** All that was stored of it is deleted. It need not have been in this process. */
  | { readonly type: 'removed' }

/** Who has asked for something: a page of the process itself, whoever reaches its control socket, or another tab of the browser. */
export type Asker = 'page' | 'socket' | 'tab'

/** `again`: an earlier life owed it. `dropped`: it ended with its actor or with this life before it began. */
export type EffectChange = 'waiting' | 'released' | 'done' | 'failed' | 'again' | 'dropped'

/** `kept`: it was set in an earlier life. */
export type TimerChange = 'set' | 'kept' | 'fired' | 'cancelled'

/** `kept`: it was in the checkpoint. `refused`: nobody has taken it, and who waits for it is told. */
export type InboxChange = 'accepted' | 'kept' | 'applied' | 'refused'

/** An effect: the same object from its decision to its end. Its key comes with the capture. */
export interface ObservedEffect {
  readonly kind: 'action' | 'emit' | 'log' | 'deliver' | 'start' | 'dispose'
  readonly type: string
  readonly params?: unknown
  readonly key: string | undefined
  /** An XState actor. */
  readonly actor: object
}

/** A delayed event. Source and target are XState actors. */
export interface ObservedTimer {
  readonly source: object
  readonly target: object
  readonly event: EventObject
  readonly id: string
  readonly delayMs: number
  readonly dueAtMs: number
}

/** An event of the inbox. */
export interface ObservedEntry {
  readonly event: { readonly type: string }
  readonly key?: string
}

/**
 * Hides secrets before anything leaves the process.
 *
 * Names hide what stands under them, at any depth: in objects, in Maps, in errors. A function is asked for every value,
 * the containers before what is in them, and what it returns is shown in the value's place; `path` begins with `context`,
 * `event`, `input`, `output`, `error` or another field of a snapshot, with `params` of an action, or with `definition`, the
 * machine's config.
 *
 * @example
 * ```ts
 * redact: ['password', /token$/i]
 * redact: (value, path) => (typeof value === 'string' && value.startsWith('sk-') ? '[key]' : value)
 * ```
 */
export type Redact = readonly (string | RegExp)[] | ((value: unknown, path: readonly string[]) => unknown)

/** How a process shows its own services. */
export interface InspectOptions {
  /**
   * Port of the server, on loopback alone; false for none, so that it only records beside the store. Default: 4680, or the
   * next one that is free.
   */
  readonly port?: number | false
  /** Whether the page may send events, pause, stop and crash. Default: false. */
  readonly control?: boolean
  /** Hides secrets, in what is shown and in what is recorded. */
  readonly redact?: Redact
  /** Chooses services. Default: all. */
  readonly only?: (of: Subject) => boolean
  /**
   * Origins of applications in a browser that may show themselves here over `@statelyai/inspect` or `@xstate/inspect`, such as
   * `http://localhost:5173`; they need the token as well. Default: none. Programs that are no browsers need only the token.
   */
  readonly allowOrigins?: readonly string[]
  /**
   * WebSockets of applications with XState 4 that wait for an inspector, as `inspect({ server })` of `@xstate/inspect/lib/server.js` does:
   * `ws://localhost:8888`. Each is tried again when it is not there or has gone. Default: none.
   */
  readonly connect?: readonly string[]
  /** How much of the past is kept in memory, in bytes. The oldest makes room. Default: 16 MiB. */
  readonly memoryBytes?: number
  /** The same of the files in the folder `inspect` of the store's; 0 records none. Default: 64 MiB. */
  readonly fileBytes?: number
  /** Is told where a person looks. Default: the address goes to console.error. */
  readonly onListening?: (address: string) => void
}
