import { createSupervisor } from '../../runtime/create-supervisor.js'
import { conductorOf, type Service } from '../../runtime/service.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { effectKey } from '../../service/effect-key.js'
import { type ProcessClock, type SimulatedClock, ticks } from './clock.js'
import type { MortalStore, OwnerLife } from './mortal-store.js'
import type { OutsideWorld } from './outside.js'
import { Plain } from './plain.js'

/** The key of the one service in a world. */
const KEY = 'verified'

/** Looks at a process that does not come to rest, before it counts as one that never will. */
const MOST_LOOKS = 2000

/** Turns of the promise queue between two looks. */
const LOOK_TICKS = 12

/** What all processes of a world share. */
export interface Surroundings {
  readonly clock: SimulatedClock
  readonly store: MortalStore
  readonly outside: OutsideWorld
}

/** One process with the service in it. */
export class Process {
  #supervisor: Supervisor | undefined
  #service: Service | undefined
  #listening: { unsubscribe(): void } | undefined
  #life: OwnerLife | undefined
  #killed = false
  #tellDeath: () => void = () => {}
  readonly #death = new Promise<void>((resolve) => {
    this.#tellDeath = resolve
  })
  readonly clock: ProcessClock

  constructor(private readonly surroundings: Surroundings) {
    this.clock = surroundings.clock.process()
  }

  get supervisor(): Supervisor {
    if (this.#supervisor === undefined) throw new Error('the process has not begun')
    return this.#supervisor
  }

  get service(): Service {
    if (this.#service === undefined) throw new Error('the process has not begun')
    return this.#service
  }

  /** Its ownership of the store. */
  get life(): OwnerLife {
    if (this.#life === undefined) throw new Error('the process has not begun')
    return this.#life
  }

  /** Whether the service takes events and interruptions. */
  get lives(): boolean {
    const { value } = this.service.getSnapshot()
    return value === 'running' || value === 'paused'
  }

  get killed(): boolean {
    return this.#killed
  }

  /** Takes the store and starts the service, or goes on with it. */
  async begin(definition: ServiceDefinition, input: unknown): Promise<void> {
    const { store } = this.surroundings
    const quiet = { onFailed: () => {}, onWarning: () => {}, chaos: false }
    this.#supervisor = await createSupervisor({ store, clock: this.clock, ...quiet })
    this.#life = store.life
    await this.start(definition, input)
  }

  /** Starts the service in this process, again where what was stored of it was removed. */
  async start(definition: ServiceDefinition, input: unknown): Promise<void> {
    // Whether this machine takes input is known to the author.
    const started = this.supervisor.start(definition, { key: KEY, input } as never)
    // It is there before it is revived; what it owes is emitted as it goes on.
    this.#service = this.supervisor.services().at(-1)
    this.listen()
    await this.outlived(started)
  }

  /** Waits for an answer, whatever it is; nobody gets one from a process that has died. */
  async outlived(answer: Promise<unknown>): Promise<void> {
    await Promise.race([answer.catch(() => {}), this.#death])
  }

  /** Notes what the machine emits. Nobody sleeps while somebody listens. */
  listen(): void {
    this.#listening = this.#service?.machine.on('*', (event) => {
      const what = `emitted ${JSON.stringify(new Plain().of(event))}`
      this.surroundings.outside.did({ key: effectKey() ?? 'unkeyed', name: event.type, what })
    })
  }

  stopListening(): void {
    this.#listening?.unsubscribe()
  }

  /** kill -9: nothing of this process happens any more. */
  kill(): void {
    this.#killed = true
    this.#tellDeath()
    this.#life?.end()
    this.stopListening()
    if (this.#service !== undefined) conductorOf(this.#service).engine.tree?.close()
    this.clock.forget()
  }

  /** Lets everything happen that waits for nothing but its turn. False where that never ends. */
  async calm(): Promise<boolean> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      await ticks(LOOK_TICKS)
      if (!this.#atRest()) continue
      // What came to rest may still tell somebody.
      await ticks(LOOK_TICKS)
      if (this.#atRest()) return true
    }
    return false
  }

  #atRest(): boolean {
    if (this.#service === undefined || this.#killed) return true
    const { engine, state } = conductorOf(this.#service)
    if (state === 'resuming' || state === 'checkpointing') return false
    return !engine.ledger.unwritten && !engine.intake.draining && (engine.tree?.effects.pending ?? 0) === 0
  }
}
