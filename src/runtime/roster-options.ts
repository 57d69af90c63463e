import type { Clock } from '../ports/clock.js'
import type { StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import type { Conductor } from './conductor.js'
import type { Service } from './service.js'

/** What a roster needs to bring services to life. */
export interface RosterOptions {
  readonly claim: Pick<StoreClaim, 'load' | 'remove'>
  readonly clock: Clock
  /** Makes a service and begins to revive it; `slept` says that it was only out of memory. */
  readonly make: (definition: ServiceDefinition, key: string, input: unknown, slept: boolean) => Service
  /** A sleeper was due and could not be woken. */
  readonly notWoken: (key: string, cause: unknown) => void
  /** Sets the holds that are in force on a service that wakes. */
  readonly applyHolds: (conductor: Conductor) => void
}
