import type { EventObject } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { createSupervisor } from '../runtime/create-supervisor.js'
import { conductorOf, type Service } from '../runtime/service.js'
import type { Supervisor } from '../runtime/supervisor.js'
import type { ServiceDefinition } from '../service/definition.js'
import { mortalStore } from './mortal-store.js'
import { type Observation, observe } from './observe.js'
import { OutsideWorld } from './outside-world.js'
import { SimulatedClock, ticks } from './simulated-clock.js'
import type { StandIn } from './stand-ins.js'

/** How often a world is looked at before it counts as one that never comes to rest. */
const MOST_LOOKS = 2000

/** The key of the one service in a world. */
const KEY = 'verified'

/** What a world is made from. */
export interface WorldOptions {
  readonly standIn: StandIn
  readonly input?: unknown
}

/** One service, in one process after another, over one store, on a simulated clock. */
export class World {
  readonly clock = new SimulatedClock()
  readonly outside = new OutsideWorld()
  readonly store = mortalStore()
  readonly emitted: unknown[] = []
  readonly #definition: ServiceDefinition
  #supervisor: Supervisor | undefined
  #service: Service | undefined
  #sent = 0

  constructor(private readonly options: WorldOptions) {
    this.#definition = options.standIn.definition
    options.standIn.enter(this)
  }

  get service(): Service {
    if (this.#service === undefined) throw new Error('the world has not begun')
    return this.#service
  }

  get supervisor(): Supervisor {
    if (this.#supervisor === undefined) throw new Error('the world has not begun')
    return this.#supervisor
  }

  /** Whether the service takes events and interruptions. */
  get lives(): boolean {
    const { value } = this.service.getSnapshot()
    return value === 'running' || value === 'paused'
  }

  /** The key of the next event that is sent. */
  nextKey(): string {
    return `event ${this.#sent++}`
  }

  /** A process begins, or another goes on. */
  async begin(): Promise<void> {
    const quiet = { onFailed: () => {}, onWarning: () => {}, chaos: false }
    this.#supervisor = await createSupervisor({ store: this.store, clock: this.clock, ...quiet })
    const options = { key: KEY, input: this.options.input } as never
    this.#service = (await this.#supervisor.start(this.#definition, options)) as unknown as Service
    await this.calm()
  }

  /** kill -9: nothing of this process happens any more. */
  kill(): void {
    this.store.kill()
    conductorOf(this.service).engine.tree?.close()
    this.clock.forget()
  }

  /** Sends an event and lets the world come to rest; an event that is refused is refused in both worlds. */
  async send(event: EventObject, key = this.nextKey()): Promise<void> {
    void this.service.send(event, { key }).catch(() => {})
    await this.calm()
  }

  /** Lets everything happen that waits for nothing but its turn. */
  async calm(): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      await ticks(12)
      if (!this.#atRest()) continue
      // What came to rest may still tell somebody.
      await ticks(12)
      if (this.#atRest()) return
    }
    throw new UnverifiableError(
      'The machine',
      'it does not come to rest after a step',
      'Look for events that it sends itself for ever; give actors that wait for the outside a driver.',
      { service: this.#definition.id },
    )
  }

  observe(): Observation {
    const effects = this.outside.done
    return { ...observe(this.service), effects, conflicts: this.outside.conflicts }
  }

  #atRest(): boolean {
    if (this.#service === undefined) return true
    const { engine, state } = conductorOf(this.#service)
    if (state === 'resuming' || state === 'checkpointing') return false
    return !engine.ledger.unwritten && !engine.draining && (engine.tree?.effects.pending ?? 0) === 0
  }
}
