import type { TardigradeError } from '../errors/base.js'
import { InvalidKeyError } from '../errors/store.js'
import type { Clock } from '../ports/clock.js'
import type { StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { apart } from '../xstate/apart.js'
import { codecOf } from './codecs.js'
import { Committer } from './committer.js'
import { Conductor } from './conductor.js'
import type { EngineOptions } from './engine-types.js'
import type { Hosts } from './hosts.js'
import { Incarnations } from './incarnations.js'
import type { Inspection } from './inspection.js'
import { observerOf } from './observer-of.js'
import { Service } from './service.js'
import { Stretch } from './stretch.js'
import type { SupervisorOptions } from './supervisor-options.js'

/** What the services of one supervisor have in common, and what tells them apart from those of another. */
export interface MakerOptions {
  readonly supervisor: Pick<SupervisorOptions, 'chaos' | 'onFailed' | 'onWarning'>
  readonly claim: StoreClaim
  readonly clock: Clock
  readonly hosts: Hosts
  /** Who looks on; undefined where nobody does. */
  readonly inspection: Inspection | undefined
  /** It slept, and somebody needs it. */
  readonly needed: (service: Service) => void
  /** It sleeps, and somebody begins to watch it, or nobody does any more. */
  readonly watched: (service: Service, isWatched: boolean) => void
}

/** Makes the services of one supervisor: each with its share of what they have in common. */
export class Maker {
  readonly #committer: Committer
  readonly #incarnations: Incarnations
  readonly #stretch: Stretch

  constructor(private readonly options: MakerOptions) {
    const { claim, clock } = options
    this.#stretch = new Stretch(clock)
    this.#committer = new Committer(claim, this.#stretch)
    this.#incarnations = new Incarnations(clock, claim.epoch)
  }

  /** Makes a service and begins to revive it; `slept` says that it was only out of memory. */
  make(definition: ServiceDefinition, key: string, input: unknown, slept: boolean): Service {
    const { supervisor, claim, clock, hosts, inspection, needed, watched } = this.options
    // With all of it at once: what is spread gets a hidden class of its own, for each of very many services.
    const options: EngineOptions = {
      definition,
      key,
      input,
      codec: codecOf(definition),
      claim,
      committer: this.#committer,
      incarnations: this.#incarnations,
      clock,
      stretch: this.#stretch,
      inspect: inspection?.inspect,
      observe: observerOf(inspection, { definition: definition.id, key }),
    }
    const holds = hosts.holds.for(definition).map(({ name, by }) => ({ name, by }))
    const beginning = { holds, slept, chaos: supervisor.chaos === true }
    const conductor: Conductor = new Conductor(options, beginning, {
      failed: (error) => this.#failed(service, error),
      warned: (warning) => this.warn(warning),
      needed: () => needed(service),
      watched: (isWatched) => watched(service, isWatched),
    })
    const service: Service = new Service(conductor)
    return service
  }

  /** None of the services takes an event from now on. Resolves when what they have taken is written, or could not be. */
  close(): Promise<void> {
    return this.#committer.close()
  }

  /** Tells the program what is amiss but stops nothing. */
  warn(warning: TardigradeError): void {
    const { onWarning } = this.options.supervisor
    if (onWarning === undefined) console.warn(warning.message)
    else apart(() => onWarning(warning))
  }

  #failed(service: Service, error: Error): void {
    const { onFailed } = this.options.supervisor
    // The caller is told by what it awaits.
    if (error instanceof InvalidKeyError) return
    if (onFailed === undefined) console.error(`${service.definition.id} ${service.key}: ${error.message}`)
    else apart(() => onFailed(service, error))
  }
}
