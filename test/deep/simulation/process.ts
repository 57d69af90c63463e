import { createSupervisor, type Service, type Supervisor } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import type { StoreClaim } from '../../../src/ports/store.js'
import { conductorOf } from '../../../src/runtime/service.js'
import type { ProcessClock, SimulatedClock } from '../../../src/testing/world/clock.js'
import type { MortalStore, OwnerLife } from '../../../src/testing/world/mortal-store.js'
import { account } from './account.js'
import type { Outside } from './outside.js'
import type { WatchedStore } from './watched-store.js'

/** What all processes of a simulation share. */
export interface Shared {
  readonly clock: SimulatedClock
  readonly store: MortalStore
  readonly watched: WatchedStore
  readonly outside: Outside
  readonly earlyEffects: boolean
}

type Definition = ReturnType<typeof account>

/** One process: a supervisor and a host, until it is closed or killed. */
export class Process {
  readonly host = manualHost()
  readonly services = new Map<string, Service<Definition['machine']>>()
  #supervisor: Supervisor | undefined
  #lives = true
  readonly #clock: ProcessClock
  readonly #definition: Definition
  #life: OwnerLife | undefined

  constructor(private readonly shared: Shared) {
    this.#clock = shared.clock.process()
    this.#definition = account(
      {
        did: (service, key, what) => {
          // A dead process does nothing.
          if (!this.#lives) return
          const isDurable = (n: number) => shared.watched.durable.get(service)?.applied.has(n) === true
          shared.outside.did(service, key, what, isDurable)
        },
        passes: (ms) => new Promise((resolve) => void this.#clock.setTimer(resolve, ms)),
      },
      shared.earlyEffects,
    )
  }

  get lives(): boolean {
    return this.#lives
  }

  /** Its ownership of the store, from its beginning on. */
  get life(): OwnerLife | undefined {
    return this.#life
  }

  get supervisor(): Supervisor | undefined {
    return this.#supervisor
  }

  async begin(): Promise<void> {
    const { store } = this.shared
    const quiet = { onFailed: () => {}, onWarning: () => {}, chaos: false }
    const definitions = [this.#definition]
    this.#supervisor = await createSupervisor({
      store: { ...store, claim: () => this.#claim() },
      clock: this.#clock,
      host: this.host.host,
      definitions,
      ...quiet,
    })
  }

  async #claim(): Promise<StoreClaim> {
    const { store } = this.shared
    const claim = await store.claim()
    this.#life = store.life
    // Killed while it began: what it does from here on comes to nothing.
    if (!this.#lives) this.#life?.end()
    return claim
  }

  async start(name: string): Promise<void> {
    const service = await this.#supervisor?.start(this.#definition, { key: name, input: { name } })
    if (service !== undefined && this.#lives) this.services.set(name, service)
  }

  async close(): Promise<void> {
    // Nobody can close a supervisor that is not there yet; it would come, and act as a process that is not dead.
    if (this.#supervisor === undefined) return
    await this.#supervisor.close({ deadlineMs: 30 })
    this.#lives = false
  }

  /** kill -9. */
  kill(): void {
    this.#lives = false
    this.#life?.end()
    for (const service of this.#supervisor?.services() ?? []) conductorOf(service).engine.tree?.close()
    this.#clock.forget()
  }
}
