import type { TardigradeError } from '../errors/base.js'
import type { Clock } from '../ports/clock.js'
import type { Host } from '../ports/host.js'
import type { InspectOptions, Inspector } from '../ports/inspector.js'
import type { Store } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import type { Service } from './service.js'

export interface SupervisorOptions {
  /** Where checkpoints live; claimed for this process. */
  readonly store: Store
  /** Where interruptions come from: one platform or several. Default: nowhere. */
  readonly host?: Host | readonly Host[]
  /** Definitions whose stored services `resumeAll` and timers may bring back without a `start`. */
  readonly definitions?: readonly ServiceDefinition[]
  /** An idle service is let go from memory after this time, in ms. Default: never. */
  readonly idleAfterMs?: number
  readonly clock?: Clock
  /**
   * Lets go of every service and revives it after every event, so that the tests of a program test interruptions as
   * well: what keeps state beside its checkpoint fails then. Default: whether the environment has `TARDIGRADE_CHAOS=1` (or `true`, `yes`, `on`).
   */
  readonly chaos?: boolean
  /** Hears of every service that fails. Default: definition, key and message go to console.error. */
  readonly onFailed?: (service: Service, error: Error) => void
  /**
   * Hears what is amiss but stops nothing, such as events that a machine's end has left unapplied. Default: the message
   * goes to console.warn.
   */
  readonly onWarning?: (warning: TardigradeError) => void
  /**
   * Shows what happens in every service: `true` or options for the page that this process serves on loopback, in Node; a function
   * for an inspector of your own, which hears XState's inspection events of every machine and every lifecycle. Default: false.
   */
  readonly inspect?: boolean | InspectOptions | Inspector
}
