import type { Shown } from '../shown.js'
import type { CommitHappening, EffectShown, HoldHappening, Path, TimerShown } from './entry.js'

/** All that is known of a service at one moment: what the entries up to it make, see `folded`. */
export interface ServiceState {
  readonly definition: string
  readonly version: number
  readonly chart: string
  readonly lifecycleChart: string
  /** State of the lifecycle; undefined before its first. */
  readonly lifecycle?: string
  readonly failure?: Shown
  readonly asleep?: boolean
  /** Sequence of the checkpoint that this life goes on from; 0 for a first one. */
  readonly revivedFrom?: number
  readonly holds: readonly HeldState[]
  readonly actors: readonly ActorState[]
  readonly timers: readonly TimerState[]
  readonly inbox: readonly { readonly event: Shown; readonly eventKey?: string }[]
  /** Effects that wait or run. */
  readonly outbox: readonly EffectState[]
  /** The state at which its process is to be killed, and who has asked for that. */
  readonly armed?: { readonly state: string; readonly by: string }
  /** The newest commit that came to the store; undefined where it was set aside, and the service went on from an earlier one. */
  readonly commit?: Omit<CommitHappening, 'kind' | 'ok' | 'error'>
}

export type HeldState = Pick<HoldHappening, 'hold' | 'by' | 'asker'>

/** The same as a checkpoint tells it: the store holds no charts. */
export type StoredState = Omit<ServiceState, 'chart' | 'lifecycleChart'>

export interface ActorState {
  readonly actor: Path
  readonly logic: string
  readonly chart?: string
  readonly snapshot: Shown
}

export interface TimerState extends TimerShown {
  readonly actor: Path
  readonly id: string
}

export interface EffectState extends EffectShown {
  readonly effect: number
  readonly running: boolean
  readonly effectKey?: string
}
